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

/** A value as one segment of a path (RFC 3986, 3.3): what would end the segment, or is no character of a URL, is encoded. */
export function segment(value: string): string {
  return value.replace(/[^\w\-.~!$&'()*+,;=:@]/gu, encoded);
}
