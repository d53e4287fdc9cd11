import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { SuiteError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { ROOT } from '../yaml.ts';
import { isOwner, self, type Owner } from './alive.ts';

/** Where the journals of all runs are. */
export const JOURNALS = path.join(ROOT, 'conformance-journal');

/** Whose journal it is, and of which server: the first line. */
export interface Header {
  /** The target as it was chosen, to open it again. */
  target: string;
  /** Tells the server from others. */
  server: string;
  addresses: Record<string, string>;
  process: Owner;
  /** When it was begun, in milliseconds. */
  begun: number;
}

/** Something that is about to be created or changed: everything that is needed to find it and to undo it, and no secret. */
export interface Entry {
  story: string;
  version: string;
  /** The set-ups that it was run with. */
  setUps: string[];
  /** The step whose undo it is, or the refusal. */
  step: string;
  refusal?: string;
  /** Values of names in the request that undoes it; what the target gives is left out. */
  names: Record<string, string>;
  /** What earlier steps were answered, where it is put back. */
  answers: Record<string, { status: number; text?: string }>;
  /** Fresh values by which it is found in a list when its id is not known. */
  markers: string[];
  /** Fresh values of the run: what shows none of them was not created by it. */
  fresh: string[];
}

/** An entry as it stands in a file, with the id once that is known. */
export interface Kept extends Entry {
  number: number;
  id?: string;
}

/** A journal as it was read. */
export interface Found {
  file: string;
  header: Header;
  /** What is not undone yet, in the order in which it was begun. */
  open: Kept[];
}

/** The journal of one story, written before each thing is done. A story that creates nothing leaves no file. */
export class Journal {
  readonly #header: Omit<Header, 'process' | 'begun'>;
  readonly #file: string;
  readonly #open = new Map<number, Entry & { id?: string }>();
  #entries = 0;
  #problem: string | undefined;

  constructor(header: Omit<Header, 'process' | 'begun'>, folder = JOURNALS) {
    this.#header = header;
    this.#file = path.join(folder, `${header.server}.${process.pid}-${randomBytes(4).toString('hex')}.jsonl`);
  }

  /** Why something that was undone could not be noted, if so: it does not keep the rest from being undone. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Says what is about to be created or changed. @returns its number
   * @throws SuiteError where that cannot be noted: then it must not be done
   */
  open(entry: Entry): number {
    const number = ++this.#entries;
    try {
      if (!existsSync(this.#file)) this.#begin();
      append(this.#file, { open: number, ...entry });
    } catch (error) {
      throw new SuiteError(`${problemOf(this.#file, error)}; nothing is created or changed that is not noted before`);
    }
    this.#open.set(number, entry);
    return number;
  }

  /** Begins the file, or, where somebody has deleted it meanwhile, writes anew what is still to be undone. */
  #begin(): void {
    mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    append(this.#file, { ...this.#header, process: self(), begun: Date.now() });
    for (const [number, { id, ...entry }] of this.#open) {
      append(this.#file, { open: number, ...entry });
      if (id !== undefined) append(this.#file, { found: number, id });
    }
  }

  /** Says where it is. */
  found(number: number, id: string): void {
    const entry = this.#open.get(number);
    if (entry) entry.id = id;
    this.#note({ found: number, id });
  }

  /** Says that it is undone, or was never there. The file goes with its last entry. */
  close(number: number): void {
    this.#open.delete(number);
    this.#note({ close: number });
  }

  /** The story is told: a journal with nothing left to undo goes. */
  end(): void {
    if (this.#open.size === 0) this.#try(() => rmSync(this.#file, { force: true }));
  }

  /** What was done is done: that it cannot be noted is told in the end. A file that was deleted needs no note. */
  #note(line: object): void {
    if (existsSync(this.#file)) this.#try(() => append(this.#file, line));
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#problem ??= problemOf(this.#file, error);
    }
  }
}

/** That a journal cannot be written, and what to do, in one line. */
export function problemOf(file: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'error';
  const name = path.relative(ROOT, file);
  return `the journal ${name.startsWith('..') ? path.basename(file) : name} cannot be written (${code}): look at its folder, its rights, and whether there is room`;
}

/** Adds a line; a line that a kill has cut short before it stays a line of its own. */
function append(file: string, line: object): void {
  appendFileSync(file, `\n${JSON.stringify(line)}`, { mode: 0o600 });
}

/** Says in a journal of a dead process that an entry is undone. @returns why that could not be noted */
export function settle({ file }: Found, { number }: Kept): string | undefined {
  try {
    append(file, { close: number });
    return undefined;
  } catch (error) {
    return problemOf(file, error);
  }
}

/** Takes a journal away by which nothing is left to be undone. @returns why that cannot be done */
export function discard({ file }: Found): string | undefined {
  try {
    rmSync(file, { force: true });
    return undefined;
  } catch (error) {
    return problemOf(file, error);
  }
}

/** Journals of which it is not known whose they are, though they say that something was done: cut short, or not to be read. */
export function unreadableJournals(folder = JOURNALS): string[] {
  return files(folder).flatMap((file) => {
    const lines = linesOf(path.join(folder, file));
    const says = lines?.some((line) => isObject(line) && 'open' in line);
    return lines === undefined || (says && !isHeader(lines[0])) ? [file] : [];
  });
}

/** Every journal in the folder, newest first: what was changed last is put back first. Lines that were cut short are left out. */
export function readJournals(folder = JOURNALS): Found[] {
  return files(folder)
    .flatMap((file) => {
      const [header, ...lines] = linesOf(path.join(folder, file)) ?? [];
      return isHeader(header) ? [{ file: path.join(folder, file), header, open: stillOpen(lines) }] : [];
    })
    .sort((a, b) => b.header.begun - a.header.begun);
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  } catch {
    return [];
  }
}

/** What the lines of a file say that are whole; undefined where it cannot be read. */
function linesOf(file: string): Json[] | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Json];
    } catch {
      return [];
    }
  });
}

function isHeader(value: unknown): value is Header {
  return (
    isObject(value) &&
    typeof value['target'] === 'string' &&
    typeof value['server'] === 'string' &&
    isObject(value['addresses']) &&
    Object.values(value['addresses']).every((address) => typeof address === 'string') &&
    isOwner(value['process'])
  );
}

/** Whether a line says all that is needed to undo something: a file may have been written half, or by hand. */
function isEntry(value: JsonObject): boolean {
  const texts = ['story', 'version', 'step'].every((name) => typeof value[name] === 'string');
  const { names, answers, markers } = value;
  return texts && isObject(names) && isObject(answers) && Array.isArray(markers);
}

function stillOpen(lines: Json[]): Kept[] {
  const open = new Map<number, Kept>();
  for (const line of lines) {
    if (!isObject(line)) continue;
    const { open: opened, found, close, ...rest } = line;
    if (typeof opened === 'number' && isEntry(rest))
      open.set(opened, { ...(rest as unknown as Entry), number: opened });
    const known = typeof found === 'number' ? open.get(found) : undefined;
    if (known && typeof rest['id'] === 'string') known.id = rest['id'];
    if (typeof close === 'number') open.delete(close);
  }
  return [...open.values()];
}
