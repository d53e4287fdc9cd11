import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isObject, type Json } from '../json.ts';
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
  readonly #open = new Set<number>();
  #entries = 0;

  constructor(header: Omit<Header, 'process' | 'begun'>, folder = JOURNALS) {
    this.#header = header;
    this.#file = path.join(folder, `${header.server}.${process.pid}-${randomBytes(4).toString('hex')}.jsonl`);
  }

  /** Says what is about to be created or changed. @returns its number */
  open(entry: Entry): number {
    if (this.#entries === 0) {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      append(this.#file, { ...this.#header, process: self(), begun: Date.now() });
    }
    const number = ++this.#entries;
    this.#open.add(number);
    append(this.#file, { open: number, ...entry });
    return number;
  }

  /** Says where it is. */
  found(number: number, id: string): void {
    append(this.#file, { found: number, id });
  }

  /** Says that it is undone, or was never there. The file goes with its last entry. */
  close(number: number): void {
    this.#open.delete(number);
    append(this.#file, { close: number });
  }

  /** The story is told: a journal with nothing left to undo goes. */
  end(): void {
    if (this.#open.size === 0) rmSync(this.#file, { force: true });
  }
}

/** Adds a line; a line that a kill has cut short before it stays a line of its own. */
function append(file: string, line: object): void {
  appendFileSync(file, `\n${JSON.stringify(line)}`, { mode: 0o600 });
}

/** Says in a journal of a dead process that an entry is undone. */
export function settle({ file }: Found, { number }: Kept): void {
  append(file, { close: number });
}

/** Every journal in the folder, newest first: what was changed last is put back first. Lines that were cut short are left out. */
export function readJournals(folder = JOURNALS): Found[] {
  return files(folder)
    .flatMap((file) => {
      const [header, ...lines] = linesOf(path.join(folder, file));
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

function linesOf(file: string): Json[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Json];
      } catch {
        return [];
      }
    });
}

function isHeader(value: unknown): value is Header {
  return isObject(value) && typeof value['target'] === 'string' && isOwner(value['process']);
}

function stillOpen(lines: Json[]): Kept[] {
  const open = new Map<number, Kept>();
  for (const line of lines) {
    if (!isObject(line)) continue;
    const { open: opened, found, close, ...rest } = line;
    if (typeof opened === 'number') open.set(opened, { ...(rest as unknown as Entry), number: opened });
    const known = typeof found === 'number' ? open.get(found) : undefined;
    if (known && typeof rest['id'] === 'string') known.id = rest['id'];
    if (typeof close === 'number') open.delete(close);
  }
  return [...open.values()];
}
