/**
 * A text percent-encoded (RFC 3986, 2.1), without ever failing: half of a character, which a server may give,
 * becomes �, as it does wherever text becomes bytes.
 */
export function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

/** A text without its percent-encoding; as it is where that is none. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
