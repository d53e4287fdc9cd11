import { parse } from 'dotenv';

/** Ways to write a value; which of them one can take depends on the quotes in it. */
const QUOTES = ["'", '`', '"', ''];

/**
 * Variables as the text of an .env file, quoted so that exactly these values are read back.
 * @returns the text, and the names of what no such file can hold: line feeds, or several kinds of quotes beside a `#`
 */
export function dotenvOf(values: Record<string, string>): { text: string; unwritable: string[] } {
  const lines = Object.entries(values).map(([name, value]) => ({ name, text: lineOf(name, value) }));
  return {
    text: lines.map(({ text }) => text ?? '').join(''),
    unwritable: lines.flatMap(({ name, text }) => (text === undefined ? [name] : [])),
  };
}

function lineOf(name: string, value: string): string | undefined {
  const lines = QUOTES.filter((quote) => quote === '' || !value.includes(quote)).map((quote) => {
    // A backslash before the quote would make the value go on until the next such quote that ends a line.
    const guard = quote !== '' && value.endsWith('\\') ? `# ${quote} ends the value above\n` : '';
    return `${name}=${quote}${value}${quote}\n${guard}`;
  });
  const next = `NEXT='#'\n`;
  return /[\r\n]/.test(value) ? undefined : lines.find((line) => parse(line + next)[name] === value);
}
