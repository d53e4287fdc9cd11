import { isObject, type Json } from './json.ts';
import { encoded } from './percent.ts';
import { SECRET_HEADERS, SECRET_MEMBERS, SECRET_PARAMETERS, secretsIn, type Message } from './secrets.ts';

const MASK = '•••';
/** Where a long value was cut off. */
const CUT = '…';
/** Shorter values would mask ordinary words. */
const SHORTEST = 3;
/** Of what is secret by its name alone: test data there may be ordinary words. */
const SHORTEST_SEEN = 8;
/** So much of a secret that was cut short is told from ordinary words. */
const SHORTEST_PART = 8;

/** Hides secrets: every registered value in each form it may take, and members and headers whose name says secret. */
export class Redactor {
  /** Each form, and whether it counts only where it stands alone. */
  readonly #values = new Map<string, boolean>();
  /** The forms by their first characters: most texts hold none of these. */
  readonly #beginnings = new Map<string, Set<string>>();
  /** What was registered, as it was: each answer that holds a secret registers it again. */
  readonly #known = new Set<string>();

  /** @param values secrets that are known beforehand, as those of a target */
  constructor(values: string[] = []) {
    for (const value of values) this.add(value);
  }

  /** Registers what a message shows to be secret by its names: wherever that comes back, it is hidden as well. */
  learn(message: Message): void {
    for (const value of secretsIn(message)) if (value.length >= SHORTEST_SEEN) this.add(value);
  }

  /** Registers a secret value; it is hidden as it is, encoded for URLs, forms, JSON and HTML, and in Base64 of each of these. */
  add(value: string | undefined): void {
    if (value === undefined || value.length < SHORTEST || this.#known.has(value)) return;
    this.#known.add(value);
    const plain = plainForms(value);
    // A short secret (a password that is also a word) is only hidden where it stands alone; in Base64 nothing does.
    for (const one of [...plain, ...plain.flatMap(echoedForms)]) this.#hide(one, one.length < 12 && /^\w+$/.test(one));
    for (const one of plain.flatMap(base64Forms)) this.#hide(one, false);
  }

  #hide(form: string, alone: boolean): void {
    this.#values.set(form, alone);
    const beginning = form.slice(0, SHORTEST);
    this.#beginnings.set(beginning, (this.#beginnings.get(beginning) ?? new Set()).add(form));
  }

  /** The forms whose first characters stand in a text, the longest first. */
  #possibleIn(text: string): string[] {
    const found = new Set<string>();
    for (let at = 0; at + SHORTEST <= text.length; at++)
      for (const form of this.#beginnings.get(text.slice(at, at + SHORTEST)) ?? []) found.add(form);
    return [...found].sort((a, b) => b.length - a.length);
  }

  /**
   * A text without any registered value, also where one was cut short, and without parameters whose name says secret.
   * @param whole whether it ends where it was meant to
   */
  text(text: string, whole = true): string {
    let masked = text.includes('=') ? text.replace(SECRET_PARAMETERS, `$1${MASK}`) : text;
    for (const value of this.#possibleIn(masked))
      if (masked.includes(value)) masked = replaced(masked, value, this.#values.get(value) === true);
    const parts = masked.split(CUT);
    return parts.map((part, at) => (whole && at === parts.length - 1 ? part : this.#ending(part))).join(CUT);
  }

  /** A text that was cut off, without the beginning of a value that it ends with. */
  #ending(text: string): string {
    for (const value of this.#possibleIn(text)) {
      const tail = text.slice(-value.length);
      const from = value.length > SHORTEST_PART ? tail.lastIndexOf(value.slice(0, SHORTEST_PART)) : -1;
      if (from >= 0 && value.startsWith(tail.slice(from))) return text.slice(0, from - tail.length) + MASK;
    }
    return text;
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

  /** Anything that can be written as JSON, without secrets. */
  all<T>(value: T): T {
    return this.json(JSON.parse(JSON.stringify(value)) as Json) as T;
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

/** A value as a client writes it: as it is, in a URL, a form, JSON. */
function plainForms(value: string): string[] {
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const json = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, encoded(value), form, form.replaceAll('+', '%20'), json])];
}

/** What a server may make of that when it echoes it: in a URL or HTML once more, with other letters and escapes. */
function echoedForms(plain: string): string[] {
  const html = plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    encoded(plain),
    plain.toLowerCase(),
    plain.toUpperCase(),
    plain.replace(/%../g, (hex) => hex.toLowerCase()),
    plain.replaceAll('/', '\\/'),
    html,
    ...['&#39;', '&#x27;', '&apos;'].map((quote) => html.replaceAll('"', '&quot;').replaceAll("'", quote)),
  ];
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
