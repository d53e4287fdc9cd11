import { createHash } from 'node:crypto';

/** What a text of JSON is like before it is parsed: parsers pass over it, and what comes after them may not survive it. */
export interface Scanned {
  /** How many objects and arrays stand in one another, at most. */
  depth: number;
  /** How many values there are, about. */
  values: number;
  /** A member that an object has twice: of such an object each reader may see another value (RFC 8259, 4). */
  repeated?: string;
}

const [QUOTE, BACKSLASH, COLON, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = Buffer.from('"\\:,{}[]');

/** Objects deeper than this are not read at all, so their names are not compared. */
const DEEPEST_COMPARED = 1000;
/** So many values are never read either: what a hostile answer may make this remember is bounded. */
const MOST_COMPARED = 200_000;
/** A longer name is remembered by its digest. */
const LONGEST_REMEMBERED = 64;
/** How much of a repeated name is told. */
const LONGEST_TOLD = 100;

/** Reads a text of JSON once, whether it is well-formed or not. */
export function scan(bytes: Buffer): Scanned {
  const found: Scanned = { depth: 0, values: 1 };
  const members: (Set<string> | undefined)[] = [];
  let [start, end] = [0, 0];
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      start = ++index;
      while (index < bytes.length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
      end = index;
    } else if (byte === COLON) {
      const names = found.repeated === undefined && found.values <= MOST_COMPARED ? members.at(-1) : undefined;
      if (names === undefined) continue;
      const name = nameOf(bytes.toString('utf8', start, end));
      const key = keyOf(name);
      if (names.has(key)) found.repeated = cut(name);
      names.add(key);
    } else if (byte === COMMA) found.values++;
    else if (byte === OPEN || byte === OPEN_LIST) {
      if (members.push(byte === OPEN && members.length < DEEPEST_COMPARED ? new Set() : undefined) > found.depth)
        found.depth = members.length;
    } else if (byte === CLOSE || byte === CLOSE_LIST) members.pop();
  }
  return found;
}

/** A name without its escapes: however it is spelt, it is the same member (RFC 8259, 8.3). */
function nameOf(written: string): string {
  if (!written.includes('\\')) return written;
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    return written;
  }
}

/** What stands for a whole name, however long it is. A name that looks like a digest has one of its own. */
function keyOf(name: string): string {
  return name.length < LONGEST_REMEMBERED ? name : createHash('sha256').update(name, 'utf16le').digest('hex');
}

function cut(name: string): string {
  return name.length > LONGEST_TOLD ? `${name.slice(0, LONGEST_TOLD)}…` : name;
}
