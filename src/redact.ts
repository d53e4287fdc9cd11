import { isObject, type Json } from './json.ts';

const MASK = '•••';
const SECRET_HEADERS = /^(authorization|proxy-authorization|cookie|set-cookie|.*password|.*-jwt)$/i;
const SECRET_MEMBERS = /^(.*password|passwd|.*secret|.*token|.*jwt|answer\d*|assertion)$/i;
/** Shorter values would mask ordinary words. */
const SHORTEST = 3;

/** Hides secrets: every registered value in each form it may take, and members and headers whose name says secret. */
export class Redactor {
  /** Each form, and whether it counts only where it stands alone. */
  readonly #values = new Map<string, boolean>();
  /** The same in the order in which they are looked for; made anew when one is added. */
  #longestFirst: [string, boolean][] | undefined;
  /** What was registered, as it was: each answer that holds a secret registers it again. */
  readonly #known = new Set<string>();

  /** Registers a secret value; it is hidden as it is, URL-, form- and JSON-encoded, and in Base64 of each of these. */
  add(value: string | undefined): void {
    if (value === undefined || value.length < SHORTEST || this.#known.has(value)) return;
    this.#known.add(value);
    const form = new URLSearchParams([['', value]]).toString().slice(1);
    const plain = [
      value,
      encodeURIComponent(value),
      form,
      form.replaceAll('+', '%20'),
      JSON.stringify(value).slice(1, -1),
    ];
    this.#longestFirst = undefined;
    // A short secret (a password that is also a word) is only hidden where it stands alone; in Base64 nothing does.
    for (const one of plain) this.#values.set(one, one.length < 12 && /^\w+$/.test(one));
    for (const one of plain.flatMap(base64Forms)) this.#values.set(one, false);
  }

  /** A text without any registered value. */
  text(text: string): string {
    let masked = text;
    this.#longestFirst ??= [...this.#values].sort(([a], [b]) => b.length - a.length);
    for (const [value, alone] of this.#longestFirst)
      if (masked.includes(value)) masked = replaced(masked, value, alone);
    return masked;
  }

  /** A JSON value without secrets: by value everywhere, by name in objects. */
  json(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.json(one));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        this.text(name),
        SECRET_MEMBERS.test(name) && typeof one === 'string' ? MASK : this.json(one),
      ]),
    );
  }

  /** Headers without secrets; the scheme of an Authorization and the name of a cookie stay. */
  headers(headers: [string, string][]): [string, string][] {
    return headers.map(([name, value]) => [name, this.text(SECRET_HEADERS.test(name) ? masked(name, value) : value)]);
  }
}

function masked(name: string, value: string): string {
  const scheme = /^(Basic|Bearer)\s/i.exec(value);
  if (scheme) return `${scheme[1] ?? ''} ${MASK}`;
  if (name.toLowerCase() === 'cookie') return value.replace(/=[^;]*/g, `=${MASK}`);
  const cookie = /^([\w-]+)=[^;]*(.*)$/.exec(value);
  return cookie ? `${cookie[1] ?? ''}=${MASK}${cookie[2] ?? ''}` : MASK;
}

function replaced(text: string, value: string, alone: boolean): string {
  if (!alone) return text.replaceAll(value, MASK);
  return text.replace(new RegExp(`\\b${value}\\b`, 'g'), MASK);
}

/** Base64 of a value at each of the three alignments it may have inside a longer text. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters depend on the neighbours: only what the value alone decides is hidden.
    const core = text.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1);
    return core.length >= 6 ? [core, core.replaceAll('+', '-').replaceAll('/', '_')] : [];
  });
}
