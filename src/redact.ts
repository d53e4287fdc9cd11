import { isObject, type Json } from './json.ts';
import { base64In, decodeOnce, fromOf, toOf, type Layer } from './layers.ts';
import { Needles } from './needles.ts';
import { isOfNames, isSecretHeader, isSecretMember, namedIn, secretsIn, type Message } from './secrets.ts';

const MASK = '•••';
/** Where a long value was cut off. */
const CUT = '…';
/** Of what is secret by its name alone: test data there may be ordinary words. */
const SHORTEST_SEEN = 4;
/** So much of a secret is one itself. */
const SHORTEST_STEM = 6;
/** How often a text may be encoded in itself; what is encoded more often is masked unread. */
const DEEPEST = 8;
/** How often Base64 may stand in Base64. */
const DEEPEST_BASE64 = 3;
/** Letters one after another, as chance seldom has them; in UTF-16 with zeros between them. */
const READABLE = /[\x20-\x7e]{6}|(?:[\x20-\x7e\xa0-\xff]\0){3}/;
/** So many texts are remembered with what they are masked to. */
const MOST_REMEMBERED = 5000;
/** How much longer encoding makes a value, at most, where it stands at the end of what was cut short. */
const LONGER = 12;

/** How often the beginning of an escape is passed over at the end of what was cut off. */
const TORN = 3;
const TO_THE_END = Number.MAX_SAFE_INTEGER;

/** A range of the original text. */
type Range = [start: number, end: number];
/** Whether a word is left where it stands in the original. */
type Spares = (start: number, end: number) => boolean;

/**
 * Hides secrets in live text: every registered value however it is encoded, and values whose name says secret. A text is
 * not searched for encoded forms: it is decoded, again and again, and what reads as a secret then is hidden where it stands.
 */
export class Redactor {
  readonly #needles = new Needles();
  /** Values as they are: what is nothing but one is hidden, however short it is. */
  readonly #whole = new Set<string>();
  /** Most texts come again and again: a header, an address, a member's name. */
  readonly #remembered = new Map<string, string>();

  /** @param values secrets that are known beforehand, as those of a target */
  constructor(values: string[] = []) {
    for (const value of values) this.add(value);
  }

  /** Registers what a message shows to be secret by its names: wherever that comes back, it is hidden as well. */
  learn(message: Message): void {
    for (const value of secretsIn(message)) if (value.length >= SHORTEST_SEEN) this.add(value);
  }

  /** Registers a secret value. */
  add(value: string | undefined): void {
    if (value === undefined || value === '' || this.#whole.has(value)) return;
    this.#whole.add(value);
    this.#remembered.clear();
    for (const one of spellings(value)) this.#needles.add(one);
  }

  /** Live text without any secret. @param whole whether it ends where it was meant to */
  text(text: string, whole = true): string {
    if (!whole || text.length > 500) return this.#text(text, whole);
    const known = this.#remembered.get(text) ?? this.#text(text, true);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, known);
    return known;
  }

  #text(text: string, whole: boolean): string {
    return this.#masked(text, whole, (_, end) => isScheme(text, end));
  }

  /**
   * A sentence of ours with live text in it. There that stands in quotes or is an address; a bare word is ours, also
   * where it is somebody's password.
   */
  sentence(text: string): string {
    let quoted: Uint8Array | undefined;
    return this.#masked(text, true, (start, end) => {
      quoted ??= quotedIn(text);
      return isScheme(text, end) || (quoted[start] === 0 && isProse(text, start, end));
    });
  }

  /** A pointer into an answer: its members' names are the server's, but ordinary words stay readable. */
  place(text: string): string {
    return this.#masked(text, true, () => true);
  }

  /** A JSON value without secrets: by value everywhere, by name in objects. */
  json(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.#number(value);
    if (Array.isArray(value)) return value.map((one) => this.json(one));
    if (!isObject(value)) return value;
    return this.#members(value, (name, one) => {
      if (isOfNames(name) && isObject(one)) return this.#members(one, (_, schema) => this.json(schema));
      return isSecretMember(name) ? hidden(one) : this.json(one);
    });
  }

  #members(value: Record<string, Json>, change: (name: string, one: Json) => Json): Json {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [this.text(name), change(name, one)]));
  }

  /** A number as it is, but where it is a secret: numbers of one or two digits are none. */
  #number(value: number): Json {
    const text = String(value);
    return text.length > 2 && this.#whole.has(text) ? MASK : value;
  }

  /** The value of a header without secrets; the scheme of an Authorization and the name of a cookie stay. */
  header(name: string, value: string): string {
    return this.text(isSecretHeader(name) ? maskedHeader(name, value) : value);
  }

  #masked(text: string, whole: boolean, spares: Spares): string {
    if (this.#whole.has(text) && text.length < 3) return MASK;
    const ranges: Range[] = [];
    this.#search({ text }, whole ? 0 : TORN, spares, ranges, DEEPEST_BASE64, false);
    for (let cut = text.indexOf(CUT), from = 0; cut >= 0; from = cut + 1, cut = text.indexOf(CUT, from))
      if (cut > from) this.#searchEnding(text, Math.max(from, cut - LONGER * this.#needles.longest), cut, ranges);
    return withMasks(text, ranges);
  }

  /** What stands just before a place where a text was cut. */
  #searchEnding(text: string, from: number, to: number, ranges: Range[]): void {
    const found: Range[] = [];
    this.#search({ text: text.slice(from, to) }, TORN, () => true, found, DEEPEST_BASE64, false);
    for (const [start, end] of found) if (end >= to - from) ranges.push([from + start, to]);
  }

  /**
   * Looks for secrets in a text, in what it says once it is decoded, and in what that says in Base64.
   * @param cut whether it was cut off: how often the beginning of an escape at its end may be passed over, 0 for never
   */
  #search(first: Layer, cut: number, spares: Spares, ranges: Range[], base64: number, inside: boolean): void {
    let layer: Layer | undefined = first;
    for (let depth = 0; layer !== undefined; depth++) {
      const here: Layer = layer;
      const hide = (start: number, end: number): unknown => ranges.push([fromOf(here, start), toOf(here, end - 1)]);
      for (const { start, end, weak } of this.#needles.find(here.text, inside)) {
        const [from, to] = [fromOf(here, start), toOf(here, end - 1)];
        // What is encoded in any way is no word of ours.
        if (!weak || to - from !== end - start || !spares(from, to)) hide(start, end);
      }
      for (const { start, end } of namedIn(here.text)) hide(start, end);
      const whole = cut > 0 ? this.#hideEnding(here, ranges) : undefined;
      // Base64 that is none says nothing that could be read.
      if (inside && !READABLE.test(here.text)) return;
      if (whole) this.#search(whole, cut - 1, spares, ranges, base64, inside);
      if (base64 > 0)
        for (const { last, ...run } of base64In(here))
          this.#search(run, last ? cut : 0, () => false, ranges, base64 - 1, true);
      layer = decodeOnce(here);
      if (layer && depth === DEEPEST) {
        hide(0, here.text.length);
        return;
      }
    }
  }

  /** The beginning of a secret at the end of what was cut off. @returns the text without a torn escape at its end */
  #hideEnding(here: Layer, ranges: Range[]): Layer | undefined {
    const { text } = here;
    const torn = /(?:%u?[0-9a-f]{0,3}|\\(?:u\{?|x)?[0-9a-f]{0,5}|&#?\w{0,30}|[\x80-\xff]{1,3})$/i.exec(text.slice(-40));
    const start = this.#needles.endingAt(text);
    if (start !== undefined) ranges.push([fromOf(here, start), TO_THE_END]);
    return torn ? { ...here, text: text.slice(0, text.length - torn[0].length) } : undefined;
  }
}

/** A value in each spelling that is no encoding of the text, but of its characters. */
function spellings(value: string): Set<string> {
  // Half of a character becomes � wherever text becomes bytes.
  const whole = Buffer.from(value).toString();
  // Latin-1 has ? for what it has no letter for; of UTF-16 the zeros are passed over.
  const wide = Buffer.from(Buffer.from(value, 'utf16le').filter((byte) => byte !== 0)).toString('latin1');
  const plain = [
    value,
    whole,
    wide,
    value.replace(/[^\0-\xff]/g, '?'),
    value.normalize('NFC'),
    value.normalize('NFD'),
    value.toLowerCase(),
    value.toUpperCase(),
  ];
  // A text is decoded as far as it goes, and so is what it is compared with.
  for (let layer = decodeOnce({ text: value }); layer && plain.length < 20; layer = decodeOnce(layer))
    plain.push(layer.text);
  // What a value ends with may be taken for the beginning of an escape, together with what stands behind it.
  const all = [...plain, ...plain.flatMap((one) => stemOf(one) ?? [])];
  return new Set([...all, ...all.map((one) => Buffer.from(one).toString('latin1'))]);
}

/** A value without the beginning of an escape at its end, as long as most of it is left. */
function stemOf(value: string): string | undefined {
  const stem = value.replace(/(?:\\|%[0-9a-f]?|&#?\w{0,6})+$/i, '');
  return stem.length < value.length && stem.length >= SHORTEST_STEM ? stem : undefined;
}

/** A value whose name says secret: its form stays, and no text and no number of it. */
function hidden(value: Json): Json {
  if (typeof value === 'string' || typeof value === 'number') return MASK;
  if (Array.isArray(value)) return value.map(hidden);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hidden(one)]));
}

function maskedHeader(name: string, value: string): string {
  const scheme = /^(Basic|Bearer)\s/i.exec(value);
  if (scheme) return `${scheme[1] ?? ''} ${MASK}`;
  if (/^cookie/i.test(name)) return value.replace(/=\s*("[^"]*"|[^;]*)/g, `=${MASK}`);
  const cookie = /^([\w-]+)=(?:"[^"]*"|[^;]*)(.*)$/.exec(value);
  return cookie ? `${cookie[1] ?? ''}=${MASK}${cookie[2] ?? ''}` : MASK;
}

/** A text with a mask in place of each range; where ranges touch or overlap, with one. */
function withMasks(text: string, ranges: Range[]): string {
  if (ranges.length === 0) return text;
  ranges.sort(([a], [b]) => a - b);
  const parts: string[] = [];
  let done = 0;
  let masked = -1;
  for (const [start, end] of ranges) {
    if (start > masked) parts.push(text.slice(done, start), MASK);
    masked = done = Math.max(masked, end);
  }
  return parts.join('') + text.slice(done);
}

/** Of each character of a text, whether it stands in double quotes, as JSON writes strings. */
function quotedIn(text: string): Uint8Array {
  const quoted = new Uint8Array(text.length);
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    if (inside && text[at] === '\\') quoted[at++] = 1;
    else if (text[at] === '"') inside = !inside;
    quoted[at] = inside ? 1 : 0;
  }
  return quoted;
}

/** Whether what ends there is the scheme of a URL: none is secret. */
function isScheme(text: string, end: number): boolean {
  return text.startsWith('://', end);
}

/** Whether what stands there is part of a bare word: not of a path, an address, an assignment or an encoded text. */
function isProse(text: string, start: number, end: number): boolean {
  const from = text.slice(Math.max(0, start - 200), start).search(/\S*$/);
  const before = text.slice(Math.max(0, start - 200) + from, start);
  const after = /^\S*/.exec(text.slice(end, end + 200))?.[0] ?? '';
  return !/[/\\@=&%"?#]/.test(before + after);
}
