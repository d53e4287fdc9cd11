import { child, isObject, leaves, type Json } from './json.ts';
import { decoded } from './percent.ts';

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

/** A printed string taken apart: text, and the names in it. */
type Part = string | { name: string; literal: string; ignoring?: 'case' };

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
  parts(text: string, header?: string): readonly Part[] {
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
  fill(text: string, scope: Scope, header?: string): { text: string; missing: string[] } {
    const missing: string[] = [];
    const filled = this.parts(text, header).map((part) => {
      if (typeof part === 'string') return part;
      const bound = scope.get(part.name);
      if (!bound) missing.push(part.name);
      return bound?.value ?? part.literal;
    });
    return { text: filled.join(''), missing };
  }

  /** Whether a printed string is nothing but one name. */
  whole(text: string): NameUse | undefined {
    const [part, more] = this.parts(text);
    return part !== undefined && typeof part !== 'string' && more === undefined
      ? { is: part.name, ...(part.ignoring ? { ignoring: part.ignoring } : {}) }
      : undefined;
  }

  /** The names that stand in a string (in that header). */
  mentioned(text: string, header?: string): string[] {
    return this.parts(text, header).flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
  }

  /** The names that stand anywhere in a value. */
  mentionedIn(value: Json | undefined): string[] {
    return leaves(value ?? null).flatMap(({ value: leaf }) => (typeof leaf === 'string' ? this.mentioned(leaf) : []));
  }

  /** Whether any name stands in the printed string. */
  mentions(text: string): boolean {
    return this.parts(text).some((part) => typeof part !== 'string');
  }

  /**
   * Reads the values of the names out of what came in place of a printed string.
   * Inside a string an id reaches to the next `/ ? #`; a literal that begins a URL reaches to the text printed after it.
   * @returns the sightings, or undefined when what came has another form
   */
  read(printed: string, came: string, place: string, scope: Scope): Sighting[] | undefined {
    const parts = this.parts(printed);
    const names = parts.filter((part) => typeof part !== 'string');
    if (parts.length === 1 && names[0]) return [{ name: names[0].name, value: came, place }];
    const known = this.fill(printed, scope);
    if (known.missing.length === 0 && known.text === came)
      return names.map(({ name }) => ({ name, value: scope.get(name)?.value ?? '', place }));
    if (came.length > LONGEST) return undefined;
    const pattern = parts.map((part) => {
      if (typeof part === 'string') return exactly(part);
      if (/^(https?:|\{\{\w*path)/i.test(part.literal)) return '(.*?)';
      const bound = scope.get(part.name)?.value;
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

/** Every string leaf of a printed value in which a name stands, whole leaves first. */
export function namedLeaves(names: Names, printed: Json, pointer = ''): { pointer: string; text: string }[] {
  const found: { pointer: string; text: string }[] = [];
  const walk = (value: Json, here: string): void => {
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
