import { named, numbered } from './entities.ts';

/** A text as it reads after some decoding, with the place in the original that each of its characters comes from. */
export interface Layer {
  text: string;
  /** Where a character begins and ends in the original; without them, each stands where it stood. */
  from?: (index: number) => number;
  to?: (index: number) => number;
}

export function fromOf({ from }: Layer, index: number): number {
  return from ? from(index) : index;
}

export function toOf({ to }: Layer, index: number): number {
  return to ? to(index) : index + 1;
}

/** Percent-encoding, escapes with a backslash, character references of HTML, and UTF-8 that was read as Latin-1. */
const ESCAPES =
  /%u([0-9a-fA-F]{4})|((?:%[0-9a-fA-F]{2})+)|\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([^])|&#[xX]([0-9a-fA-F]{1,8});?|&#(\d{1,8});?|&([A-Za-z][A-Za-z0-9]{1,30})(;?)|([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})/g;
const MAYBE = /[%\\&]|[\xc2-\xf4][\x80-\xbf]/;
/** What stands between the bytes of text in UTF-16. */
const ZEROS = /\0/g;
const CONTROLS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0' };

/** A text with each escape in it read once, whatever its kind; undefined where there is none. */
export function decodeOnce(layer: Layer): Layer | undefined {
  const wide = layer.text.includes('\0');
  if (!wide && !MAYBE.test(layer.text)) return undefined;
  const made = new Writer(layer);
  let end = 0;
  for (const match of layer.text.matchAll(wide ? ZEROS : ESCAPES)) {
    const { index } = match;
    // The rest of a character reference, where only its beginning was one.
    if (index < end) continue;
    const one = escaped(match);
    if (!one) continue;
    made.copy(end, index);
    for (const { character, at, length } of one) made.write(character, index + at, index + at + length);
    end = index + one.reduce((all, { length }) => all + length, 0);
  }
  if (end === 0) return undefined;
  made.copy(end, layer.text.length);
  return made.layer();
}

interface Piece {
  character: string;
  at: number;
  length: number;
}

/** What an escape stands for, piece by piece. */
function escaped(match: RegExpMatchArray): Piece[] | undefined {
  const [all, wide, percent, braced, unicode, hex, single, hexRef, decimal, name, semicolon, misread] = match;
  if (percent !== undefined) return percentDecoded(percent);
  const whole = (character: string): Piece[] => [{ character, at: 0, length: all.length }];
  if (all === '\0') return whole('');
  if (misread !== undefined) return whole(Buffer.from(misread, 'latin1').toString());
  const code = wide ?? unicode ?? hex ?? braced;
  if (code !== undefined) {
    const number = Number.parseInt(code, 16);
    return number > 0x10ffff
      ? undefined
      : whole(number > 0xffff ? String.fromCodePoint(number) : String.fromCharCode(number));
  }
  if (single !== undefined) return whole(CONTROLS[single] ?? single);
  if (name !== undefined) {
    const found = named(name, semicolon === ';');
    return found && [{ character: found.character, at: 0, length: found.length + 1 }];
  }
  const character = numbered(hexRef === undefined ? Number(decimal) : Number.parseInt(hexRef, 16));
  return character === undefined ? undefined : whole(character);
}

/** Percent-encoded bytes as UTF-8, and as Latin-1 where they are not that. */
function percentDecoded(text: string): Piece[] {
  const bytes = Buffer.from(text.replaceAll('%', ''), 'hex');
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = lengthOfUtf8(bytes, at);
    const character = length === 1 ? String.fromCharCode(bytes[at] ?? 0) : bytes.toString('utf8', at, at + length);
    pieces.push({ character, at: 3 * at, length: 3 * length });
    at += length;
  }
  return pieces;
}

/** How many bytes the character has that begins here; 1 for what is no UTF-8. */
function lengthOfUtf8(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  if (first >= 0xf5) return 1;
  for (let next = 1; next < length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 1;
  return length;
}

/** Puts a layer together from what stands as it is and what is decoded: never longer than the layer below. */
class Writer {
  readonly #of: Layer;
  readonly #parts: string[] = [];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #length = 0;

  constructor(of: Layer) {
    this.#of = of;
    this.#starts = new Int32Array(of.text.length);
    this.#ends = new Int32Array(of.text.length);
  }

  copy(start: number, end: number): void {
    if (end > start) this.#parts.push(this.#of.text.slice(start, end));
    for (let index = start; index < end; index++) {
      this.#starts[this.#length] = index;
      this.#ends[this.#length++] = index;
    }
  }

  /** A character, or two halves of one, that stands for a range of the layer below. */
  write(character: string, start: number, end: number): void {
    this.#parts.push(character);
    for (let half = character.length; half > 0; half--) {
      this.#starts[this.#length] = start;
      this.#ends[this.#length++] = end - 1;
    }
  }

  layer(): Layer {
    return {
      text: this.#parts.join(''),
      from: (index) => fromOf(this.#of, this.#starts[index] ?? 0),
      to: (index) => toOf(this.#of, this.#ends[index] ?? 0),
    };
  }
}

/** What may be Base64 of either alphabet, also broken into lines. */
const BASE64 = /[A-Za-z0-9+/_-]{2,}(?:\r?\n[A-Za-z0-9+/_-]+)*/g;
const SHORTEST_BASE64 = 8;

/** What each run of letters says if it is Base64, at each of the four places where its first group may begin. */
export function* base64In(layer: Layer): Generator<Layer & { last: boolean }> {
  let end = layer.text.length;
  while (/^[=\s]$/.test(layer.text[end - 1] ?? '')) end--;
  for (const { 0: run, index } of layer.text.matchAll(BASE64)) {
    if (run.length < SHORTEST_BASE64) continue;
    const at = run.includes('\n') ? letters(run) : undefined;
    const text = at ? at.map((one) => run[one]).join('') : run;
    const place = (letter: number): number => index + (at ? (at[letter] ?? 0) : letter);
    const last = index + run.length >= end;
    for (let shift = 0; shift < 4; shift++) yield { ...decodedAt(layer, text, shift, place), last };
  }
}

/** Where the letters of a run stand, line breaks apart. */
function letters(run: string): number[] {
  return [...run].flatMap((one, index) => (one === '\n' || one === '\r' ? [] : [index]));
}

function decodedAt(layer: Layer, run: string, shift: number, place: (letter: number) => number): Layer {
  return {
    text: Buffer.from(shift === 0 ? run : run.slice(shift), 'base64').toString('latin1'),
    from: (byte) => fromOf(layer, place(shift + Math.floor((byte * 8) / 6))),
    to: (byte) => toOf(layer, place(shift + Math.ceil(((byte + 1) * 8) / 6) - 1)),
  };
}
