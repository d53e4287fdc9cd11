/**
 * Text of a server as one line that a terminal, a log or a table shows and does not obey: control characters, what turns
 * the direction of text around, and halves of characters stand there as their numbers.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu,
    (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
