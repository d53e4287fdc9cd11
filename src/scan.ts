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

/** Reads a text of JSON once, whether it is well-formed or not. */
export function scan(bytes: Buffer): Scanned {
  const found: Scanned = { depth: 0, values: 1 };
  const members: (Set<string> | undefined)[] = [];
  let text = '';
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      const start = ++index;
      while (index < bytes.length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
      // Only names are looked at, and they are short.
      text = bytes.toString('latin1', start, Math.min(index, start + 100));
    } else if (byte === COLON) {
      const names = members.at(-1);
      if (names?.has(text)) found.repeated ??= text;
      names?.add(text);
    } else if (byte === COMMA) found.values++;
    else if (byte === OPEN || byte === OPEN_LIST) {
      // Of what is too deep to be read nobody needs the names.
      if (members.push(byte === OPEN && members.length < 1000 ? new Set() : undefined) > found.depth)
        found.depth = members.length;
    } else if (byte === CLOSE || byte === CLOSE_LIST) members.pop();
  }
  return found;
}
