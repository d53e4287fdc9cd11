/** A mistake of the user's or of a fixture file: one clear message, no stack trace. */
export class SuiteError extends Error {
  override name = 'SuiteError';
  /**
   * @param message what is wrong, where (file and line, or variable), and what to do
   * @param file the file to show, with `line`, as a code frame
   */
  constructor(message: string, file?: string, line = 1, column = 1) {
    super(file ? `${file}:${line}: ${message}` : message);
    this.stack = file
      ? `${this.name}: ${this.message}\n    at ${file}:${line}:${column}`
      : `${this.name}: ${this.message}`;
  }
}

/** What went wrong, in one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** The candidate that a misspelt word most likely meant, as ` (did you mean 'x'?)`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const best = nearest(word, candidates);
  return best === undefined ? '' : ` (did you mean '${best}'?)`;
}

/** The candidate that is most like a word, if it is at all like it. @param most how many slips apart it may be */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  most = Math.max(2, Math.floor(word.length / 3)),
): string | undefined {
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** How many letters have to be put in, left out, changed, or exchanged with the next one. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        exchanged ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
