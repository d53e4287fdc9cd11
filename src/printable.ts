/**
 * Text of a server as one line that a terminal, a log or a table shows and does not obey: control characters, what turns
 * the direction of text around, and halves of characters stand there as their numbers, and so does what begins a command
 * for a CI (`::error::` of GitHub, `##[…]` and `##vso[…]` of Azure, `##teamcity[…]`).
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, numbered).replace(COMMANDS, (one) => one.slice(0, -1) + numbered(one.slice(-1)));
}

/** The same over several lines: line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}

/**
 * JSON as text in which a terminal, a log or a CI finds nothing to obey: what they would obey is escaped, so that it
 * reads as the same value.
 */
export function printableJson(value: unknown, indent?: number): string {
  const escape = (one: string): string =>
    one.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return JSON.stringify(value, null, indent)
    .replace(UNPRINTABLE, (one) => (one === '\n' ? one : escape(one)))
    .replace(COMMANDS, (one) => one.slice(0, -1) + escape(one.slice(-1)));
}

const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu;
/** Up to the character by which it is no command any more: of two colons, and of two number signs, the second. */
const COMMANDS = /::(?=[a-z](?:[^\n:]|:(?!:))*::)|##(?=\w*\[)/gi;

function numbered(one: string): string {
  return `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`;
}
