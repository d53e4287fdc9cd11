/** Shorter values would mask ordinary words. */
const SHORTEST = 3;
/** Longer ones are no credentials; what has a name that says secret is masked by that. */
const LONGEST = 100_000;
/** So much of a value that was cut short is told from ordinary words. */
const SHORTEST_PART = 4;

/** Each character as it is compared: without letter case, and with what forms write for a blank. */
const FOLD = Uint16Array.from({ length: 0x10000 }, (_, code) => {
  if (code === 0x2b) return 0x20;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
});

/** A value that is looked for. */
interface Needle {
  codes: Uint16Array;
  /** It may be a word: it counts only where it stands alone. */
  alone: boolean;
  /** It may be a word of ours: letters only, or a small number. */
  weak: boolean;
}

/** Where a value was found. */
export interface Found {
  start: number;
  end: number;
  weak: boolean;
}

/** Values that are looked for in a text, all at once: the text is read once, however many they are. */
export class Needles {
  readonly #known = new Set<string>();
  readonly #byBeginning = new Map<number, Needle[]>();
  /** Whether any value begins with three characters of a hash: most places of a text are passed over by this alone. */
  readonly #maybe = new Uint8Array(0x10000);
  #longest = 0;

  /** The length of the longest value. */
  get longest(): number {
    return this.#longest;
  }

  add(value: string): void {
    if (value.length < SHORTEST || value.length > LONGEST) return;
    const codes = folded(value);
    const key = Buffer.from(codes.buffer).toString('latin1');
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const beginning = hash(codes[0] ?? 0, codes[1] ?? 0, codes[2] ?? 0);
    const word = value.length < 12 && /^\w+$/.test(value);
    const needle = { codes, alone: word, weak: word && /^(\p{L}+|\d{1,3})$/u.test(value) };
    const others = this.#byBeginning.get(beginning) ?? [];
    // The longest first.
    this.#byBeginning.set(
      beginning,
      [...others, needle].sort((a, b) => b.codes.length - a.codes.length),
    );
    this.#maybe[beginning] = 1;
    this.#longest = Math.max(this.#longest, codes.length);
  }

  /**
   * Every place where a value stands.
   * @param inside whether words count also where they do not stand alone, but for very short ones
   */
  find(text: string, inside = false): Found[] {
    if (this.#longest === 0 || text.length < SHORTEST) return [];
    const found: Found[] = [];
    let [first, second] = [foldedAt(text, 0), foldedAt(text, 1)];
    for (let start = 0; start + SHORTEST <= text.length; start++) {
      const third = foldedAt(text, start + 2);
      const beginning = hash(first, second, third);
      [first, second] = [second, third];
      if (this.#maybe[beginning] !== 1) continue;
      for (const { codes: value, alone, weak } of this.#byBeginning.get(beginning) ?? []) {
        const end = start + value.length;
        if (end > text.length || !standsAt(value, text, start, value.length)) continue;
        if (alone && !(inside && value.length > 5) && (isWordAt(text, start - 1) || isWordAt(text, end))) continue;
        found.push({ start, end, weak });
        break;
      }
    }
    return found;
  }

  /** Where the beginning of a value stands at the end of a text that was cut off; undefined where none does. */
  endingAt(text: string): number | undefined {
    for (let start = Math.max(0, text.length - this.#longest); start + SHORTEST_PART <= text.length; start++) {
      const beginning = hash(foldedAt(text, start), foldedAt(text, start + 1), foldedAt(text, start + 2));
      if (this.#maybe[beginning] !== 1) continue;
      const left = text.length - start;
      for (const { codes: value } of this.#byBeginning.get(beginning) ?? [])
        if (value.length > left && standsAt(value, text, start, left)) return start;
    }
    return undefined;
  }
}

function folded(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index++) codes[index] = FOLD[text.charCodeAt(index)] ?? 0;
  return codes;
}

function foldedAt(text: string, at: number): number {
  return FOLD[text.charCodeAt(at)] ?? 0;
}

function hash(first: number, second: number, third: number): number {
  return (first ^ (second << 5) ^ (third << 10)) & 0xffff;
}

/** Whether the first characters of a value stand at a place. */
function standsAt(value: Uint16Array, text: string, at: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (value[index] !== foldedAt(text, at + index)) return false;
  return true;
}

function isWordAt(text: string, at: number): boolean {
  const code = foldedAt(text, at);
  return code === 0x5f || (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
}
