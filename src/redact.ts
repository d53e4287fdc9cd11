import { isObject, type Json } from './json.ts';
import { exactly } from './names.ts';
import { percentEncoded } from './request.ts';
import { parseJson } from './transport.ts';

const MASK = '•••';
const SECRET_HEADERS =
  /^(authorization|proxy-authorization|cookie|set-cookie|.*(password|secret|token|api-?key|-jwt))$/i;
const SECRET_MEMBERS = /^(.*(password|passwd|secret|token|jwt|cookie)|answer\d*|assertion|code)$/i;
/** Members of a query, a form or of JSON that cannot be parsed, by name; a quote that ends the value stays. */
const IN_TEXT = /((?:password|passwd|secret|token|jwt|assertion|[?&#;]code|^code)(?:=|\\*"\s*:\s*\\*"))[^&\s"'\\<>]+/gi;
/** What is called a code and is a word, or a status, says what is wrong. */
const NO_SECRET_CODE = /^([a-z_. ]+|\d{3})$/i;
/** Shorter values would mask ordinary words. */
const SHORTEST = 3;
/** The least that is hidden of a secret that was cut short, and the length from which half of one is hidden too. */
const PIECE = 4;
const LONG = 40;

/** A way to write a secret, in lower case unless case matters. */
interface Form {
  text: string;
  pattern: RegExp;
  cased: boolean;
}

/** Hides secrets: every registered value in each form it may take, and members and headers whose name says secret. */
export class Redactor {
  readonly #forms = new Map<string, Form>();
  /** The same in the order in which they are looked for; made anew when one is added. */
  #longestFirst: Form[] | undefined;
  /** What was registered, as it was: each answer that holds a secret registers it again. */
  readonly #known = new Set<string>();

  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value);
  }

  /**
   * Registers a secret value; it is hidden as it is, URL-, form-, HTML- and JSON-encoded, once and twice, in either case,
   * in Base64 of each of these, and where it was cut short.
   */
  add(value: string | undefined): void {
    if (value === undefined || value.length < SHORTEST || this.#known.has(value)) return;
    this.#known.add(value);
    this.#longestFirst = undefined;
    const plain = spellings(value);
    for (const one of new Set(plain)) {
      // A short secret (a password that is also a word) is only hidden where it stands alone; in Base64 nothing does.
      const alone = one.length < 12 && /^\w+$/.test(one);
      this.#form(one, alone ? `\\b${exactly(one)}\\b` : exactly(one));
      if (one.length >= LONG) {
        const half = one.slice(0, one.length / 2);
        this.#form(half, `${exactly(half)}[^\\s"'<>&]*`);
      }
    }
    for (const one of [...new Set(plain.slice(0, 5))].flatMap(base64Forms)) this.#form(one, exactly(one), true);
  }

  #form(text: string, pattern: string, cased = false): void {
    const form = { text: cased ? text : text.toLowerCase(), pattern: new RegExp(pattern, cased ? 'g' : 'gi'), cased };
    if (!this.#forms.has(form.text)) this.#forms.set(form.text, form);
  }

  /** Registers what a message has under the name of a secret, so that it is hidden wherever else it turns up. */
  learn({ headers, body, path = '' }: { headers: [string, string][]; body?: Buffer | undefined; path?: string }): void {
    const texts = [path];
    for (const [name, value] of headers)
      if (SECRET_HEADERS.test(name)) for (const one of credentialsIn(name, value)) this.#learn(one);
      else if (value.includes('=')) texts.push(value);
    if (body !== undefined && body.length > 0) {
      const parsed = parseJson(body);
      if ('json' in parsed) this.#learnFrom(parsed.json);
      else texts.push(body.toString());
    }
    for (const text of texts)
      for (const [found, name = ''] of text.matchAll(IN_TEXT)) this.#learn(decoded(found.slice(name.length)));
  }

  #learnFrom(value: Json, name = ''): void {
    if (typeof value === 'string') {
      if (isSecret(name, value)) this.#learn(value);
    } else if (Array.isArray(value)) for (const one of value) this.#learnFrom(one, name);
    else if (isObject(value)) for (const [own, one] of Object.entries(value)) this.#learnFrom(one, within(name, own));
  }

  /** A word is none: a request that must be refused has `wrong` for a password, and sentences have that too. */
  #learn(value: string): void {
    if (value.length >= (/^[a-z_-]+$/i.test(value) ? 20 : 8)) this.add(value);
  }

  /** A text without any registered value. */
  text(text: string): string {
    let masked = text.replace(IN_TEXT, `$1${MASK}`);
    let lower = masked.toLowerCase();
    this.#longestFirst ??= [...this.#forms.values()].sort((a, b) => b.text.length - a.text.length);
    for (const form of this.#longestFirst)
      if ((form.cased ? masked : lower).includes(form.text)) {
        masked = masked.replace(form.pattern, MASK);
        lower = masked.toLowerCase();
      }
    return masked
      .split(/(…|\.{3})/)
      .map((part, index, all) => (index % 2 === 0 && index + 1 < all.length ? this.#whole(part) : part))
      .join('');
  }

  /** A text that was cut short without the piece of a secret that it ends with. */
  #whole(text: string): string {
    const lower = text.toLowerCase();
    let piece = 0;
    for (const form of this.#longestFirst ?? []) {
      const where = form.cased ? text : lower;
      for (let length = Math.min(form.text.length, text.length); length > Math.max(piece, PIECE - 1); length--)
        if (where.endsWith(form.text.slice(0, length))) piece = length;
    }
    return piece === 0 ? text : text.slice(0, -piece) + MASK;
  }

  /** A JSON value without secrets: by value everywhere, by name in objects. */
  json(value: Json, name = ''): Json {
    if (typeof value === 'string') return isSecret(name, value) ? MASK : this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.json(one, name));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([own, one]) => [this.text(own), this.json(one, within(name, own))]),
    );
  }

  /** Headers without secrets; the scheme of an Authorization and the name of a cookie stay. */
  headers(headers: [string, string][]): [string, string][] {
    return headers.map(([name, value]) => [name, this.text(SECRET_HEADERS.test(name) ? masked(name, value) : value)]);
  }
}

/** The name that says what a member is: a password may be an object with a value. */
function within(name: string, own: string): string {
  return own === 'value' && SECRET_MEMBERS.test(name) ? name : own;
}

/** Whether a text is secret by its name. */
function isSecret(name: string, value: string): boolean {
  return SECRET_MEMBERS.test(name) && !(/^code$/i.test(name) && NO_SECRET_CODE.test(value));
}

/** What of a header is secret: without its scheme, and of Basic the password besides (RFC 7617, 2); of cookies each value. */
function credentialsIn(name: string, value: string): string[] {
  if (/cookie$/i.test(name))
    return [...value.matchAll(/=([^;]*)/g)].slice(0, /^set-/i.test(name) ? 1 : undefined).map(([, one]) => one ?? '');
  const bare = value.replace(/^(basic|bearer)\s+/i, '');
  if (!/^basic\s/i.test(value)) return [bare];
  const [, ...password] = Buffer.from(bare, 'base64').toString().split(':');
  return [bare, decoded(password.join(':'))];
}

function masked(name: string, value: string): string {
  const scheme = /^(Basic|Bearer)\s/i.exec(value);
  if (scheme) return `${scheme[1] ?? ''} ${MASK}`;
  if (name.toLowerCase() === 'cookie') return value.replace(/=[^;]*/g, `=${MASK}`);
  const cookie = /^([\w-]+)=[^;]*(.*)$/.exec(value);
  return cookie ? `${cookie[1] ?? ''}=${MASK}${cookie[2] ?? ''}` : MASK;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The ways in which a text is written inside others; the first few are those that Base64 is made of. */
function spellings(value: string): string[] {
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const url = percentEncoded(value);
  const quoted = JSON.stringify(value).slice(1, -1);
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  return [
    ...[value, url, form, form.replaceAll('+', '%20'), quoted],
    ...[encodeURIComponent(url), JSON.stringify(quoted).slice(1, -1), quoted.replaceAll('/', '\\/')],
    ...[html, html.replaceAll("'", '&#39;'), html.replaceAll("'", '&#x27;'), html.replaceAll("'", '&apos;')],
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
