import { child, isObject } from './json.ts';
import { decoded } from './percent.ts';
import { Live, type Printed, type PrintedText, type Template } from './printed.ts';

/**
 * Names: literals of a page that stand for a target's own value.
 * A name is one value for a whole sequence. What stands before a colon is its kind (`action.id:login` and `action.id`
 * are of one kind): two names of a kind never have the same value.
 */
export interface NameUse {
  is: string;
  /** `case`: the value may come back in other letter case. */
  ignoring?: 'case';
  because?: string;
}
/** What a literal means: a name, or another name in each header it stands in (`header x-password`). */
export type NameTable = Record<string, string | NameUse | Record<`header ${string}`, string>>;

/** A captured or bound value and every place where it was seen. */
export interface Binding {
  value: string;
  places: string[];
}
export type Scope = ReadonlyMap<string, Binding>;

/** A name in a printed string. */
export interface Placeholder {
  name: string;
  literal: string;
  ignoring?: 'case';
}
/** A printed string taken apart: text, the names in it, and live values that were put in. */
export type Part = string | Placeholder | Live<string>;

/** Whether a part is a name. */
export function isName(part: Part | undefined): part is Placeholder {
  return typeof part === 'object' && !(part instanceof Live);
}

/** A value that came where a name was expected. */
export interface Sighting {
  name: string;
  value: string;
  place: string;
}

/** What is longer is no id and no URL: to read names out of it would take for ever. */
const LONGEST = 20_000;

const boundary = /[A-Za-z0-9_-]/;

/** The names of one sequence: takes printed strings apart, fills them in, and reads values back out of answers. */
export class Names {
  readonly #literals: string[];
  readonly #table: NameTable;
  /** Strings that were taken apart before, by header. */
  readonly #taken = new Map<string | undefined, Map<string, Part[]>>();
  constructor(table: NameTable) {
    this.#table = table;
    this.#literals = Object.keys(table).sort((a, b) => b.length - a.length);
  }

  /** Every name that the table mentions. */
  all(): string[] {
    return [
      ...new Set(
        Object.values(this.#table).flatMap((use) =>
          typeof use === 'string' ? [use] : isUse(use) ? [use.is] : Object.values(use),
        ),
      ),
    ];
  }

  #use(literal: string, header?: string): NameUse | undefined {
    const use = this.#table[literal];
    if (use === undefined) return undefined;
    if (typeof use === 'string') return { is: use };
    if (isUse(use)) return use;
    const name = header === undefined ? undefined : use[`header ${header.toLowerCase()}`];
    return name === undefined ? undefined : { is: name };
  }

  /** Takes a printed string apart. A literal counts only where no letter, digit, `_` or `-` touches it. */
  parts(text: PrintedText, header?: string): readonly Part[] {
    const taken = this.#taken.get(header) ?? new Map<string, Part[]>();
    this.#taken.set(header, taken);
    const found = taken.get(text) ?? this.#takeApart(text, header);
    taken.set(text, found);
    return found;
  }

  #takeApart(text: string, header?: string): Part[] {
    if (!this.#literals.some((one) => text.includes(one))) return [text];
    const found: Part[] = [];
    let from = 0;
    for (let index = 0; index < text.length;) {
      const literal = this.#literals.find((one) => text.startsWith(one, index) && stands(text, index, one));
      const use = literal === undefined ? undefined : this.#use(literal, header);
      if (literal === undefined || use === undefined) {
        index++;
        continue;
      }
      if (index > from) found.push(text.slice(from, index));
      found.push({ name: use.is, literal, ...(use.ignoring ? { ignoring: use.ignoring } : {}) });
      index += literal.length;
      from = index;
    }
    if (from < text.length || found.length === 0) found.push(text.slice(from));
    return found;
  }

  /**
   * Fills the names in.
   * @returns the string, or the names that have no value yet
   */
  fill(text: PrintedText, scope: Scope, header?: string): { text: string; missing: string[] } {
    return filledParts(this.parts(text, header), scope);
  }

  /** Whether a printed string is nothing but one name. */
  whole(text: PrintedText): NameUse | undefined {
    const [part, more] = this.parts(text);
    return isName(part) && more === undefined
      ? { is: part.name, ...(part.ignoring ? { ignoring: part.ignoring } : {}) }
      : undefined;
  }

  /** The names that stand in a string (in that header). */
  mentioned(text: PrintedText, header?: string): string[] {
    return this.parts(text, header).flatMap((part) => (isName(part) ? [part.name] : []));
  }

  /** The names that stand anywhere in a value. */
  mentionedIn(value: Template | undefined): string[] {
    if (value === undefined || value instanceof Live) return [];
    if (typeof value === 'string') return this.mentioned(value);
    return isObject(value) || Array.isArray(value)
      ? Object.values(value as Record<string, Template>).flatMap((one) => this.mentionedIn(one))
      : [];
  }

  /** Whether any name stands in the printed string. */
  mentions(text: PrintedText): boolean {
    return this.parts(text).some(isName);
  }

  /**
   * Reads the values of the names out of what came in place of a printed string.
   * Inside a string an id reaches to the next `/ ? #`; a literal that begins a URL reaches to the text printed after it.
   * @returns the sightings, or undefined when what came has another form
   */
  read(printed: readonly Part[], came: string, place: string, scope: Scope): Sighting[] | undefined {
    const names = printed.filter(isName);
    if (printed.length === 1 && names[0]) return [{ name: names[0].name, value: came, place }];
    const known = filledParts(printed, scope);
    if (known.missing.length === 0 && known.text === came)
      return names.map(({ name }) => ({ name, value: scope.get(name)?.value ?? '', place }));
    if (came.length > LONGEST) return undefined;
    const pattern = printed.map((part, index) => {
      if (!isName(part)) return exactly(textOf(part));
      if (beginsUrl(part)) return '(.*?)';
      const bound = scope.get(part.name)?.value;
      if (bound === undefined && isLastParameter(printed, index)) return '([^/?#&]+)(?:&[^#]*)?';
      return bound === undefined ? '([^/?#]+)' : `(${exactly(bound)}|[^/?#]+)`;
    });
    const match = new RegExp(`^${pattern.join('')}$`).exec(came);
    // What an id has in a URL is percent-encoded, or not where it need not be (RFC 3986, 2.4).
    const value = (text: string, literal: string): string =>
      came.includes('/') && !literal.includes('://') ? decoded(text) : text;
    return match
      ? names.map(({ name, literal }, index) => ({ name, value: value(match[index + 1] ?? '', literal), place }))
      : undefined;
  }
}

/** Whether a part is the value of a query's last parameter: others may follow it (RFC 9207, 2; RFC 6749, 4.1.2). */
function isLastParameter(printed: readonly Part[], index: number): boolean {
  const before = printed[index - 1];
  return index === printed.length - 1 && typeof before === 'string' && /[?&][\w.-]+=$/.test(before);
}

/** Parts as they are printed. */
export function literally(parts: readonly Part[]): string {
  return parts.map((part) => (isName(part) ? part.literal : textOf(part))).join('');
}

/** Whether a name stands for scheme, host and prefix of a URL. */
export function beginsUrl({ literal }: Placeholder): boolean {
  return /^(https?:|\{\{\w*path)/i.test(literal);
}

function textOf(part: string | Live<string>): string {
  return typeof part === 'string' ? part : part.value;
}

/**
 * Parts with the names filled in.
 * @param put how a value is written where it is put in
 * @returns the text, and the names that have no value yet
 */
export function filledParts(
  parts: readonly Part[],
  scope: Scope,
  put: (value: string, placeholder: Placeholder) => string = (value) => value,
): { text: string; missing: string[] } {
  const missing: string[] = [];
  const filled = parts.map((part) => {
    if (!isName(part)) return textOf(part);
    const bound = scope.get(part.name);
    if (!bound) missing.push(part.name);
    return bound ? put(bound.value, part) : part.literal;
  });
  return { text: filled.join(''), missing };
}

/** Every string leaf of a printed value in which a name stands, whole leaves first. */
export function namedLeaves(names: Names, printed: Printed, pointer = ''): { pointer: string; text: PrintedText }[] {
  const found: { pointer: string; text: PrintedText }[] = [];
  const walk = (value: Printed, here: string): void => {
    if (typeof value === 'string' && names.mentions(value)) found.push({ pointer: here, text: value });
    else if (Array.isArray(value)) value.forEach((one, index) => walk(one, child(here, index)));
    else if (isObject(value)) for (const [member, one] of Object.entries(value)) walk(one, child(here, member));
  };
  walk(printed, pointer);
  return found.sort((a, b) => Number(names.whole(b.text) !== undefined) - Number(names.whole(a.text) !== undefined));
}

/** What a name is of: the part before the colon. */
export function kindOf(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(0, colon);
}

/** A scope with one more sighting in it; the first value seen stays. */
export function bind(scope: Scope, sighting: Sighting): Scope {
  const wider = new Map(scope);
  note(wider, sighting);
  return wider;
}

/** Puts one more sighting into a scope that nobody else holds. */
export function note(scope: Map<string, Binding>, { name, value, place }: Sighting): void {
  const bound = scope.get(name);
  if (bound?.places.includes(place)) return;
  scope.set(name, { value: bound?.value ?? value, places: [...(bound?.places ?? []), place] });
}

function stands(text: string, index: number, literal: string): boolean {
  return apart(literal[0], text[index - 1]) && apart(literal.at(-1), text[index + literal.length]);
}

function apart(edge: string | undefined, outside: string | undefined): boolean {
  return outside === undefined || edge === undefined || !boundary.test(edge) || !boundary.test(outside);
}

function isUse(use: NameTable[string]): use is NameUse {
  return typeof use === 'object' && 'is' in use;
}

/** A text as a regular expression that matches nothing else. */
export function exactly(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
