import { printable, printableLines } from './printable.ts';
import type { Redactor } from './redact.ts';

declare const SHOWN: unique symbol;

/**
 * Text that a console, a title, an annotation or a file may show: our own words, or live text (what a server, or the
 * settings, say) of which `shown` has masked the secrets, taken the force of commands, and bounded the length.
 */
export type Shown = string & { readonly [SHOWN]: true };

/** Where lines go that people, terminals and CI systems read. */
export type Print = (line: Shown) => unknown;

/** What live text is like. */
type Form =
  /** All of it is live. */
  | 'text'
  /** Words of ours with live text in them, which stands in quotes or is an address. */
  | 'sentence'
  /** A pointer into an answer. */
  | 'place'
  /** The body of a message: line breaks stay. */
  | 'body';

const LONGEST: Record<Form, number> = { text: 2000, sentence: 4000, place: 500, body: 4000 };
/** So much of a body is looked at; the rest would be cut off anyway. */
const LOOKED_AT = 65_536;

/** Makes live text ready to be shown: the only way to do so. */
export function shown(live: string, form: Form, redactor: Redactor): Shown {
  const read = live.slice(0, LOOKED_AT);
  const masked =
    form === 'sentence'
      ? redactor.sentence(read)
      : form === 'place'
        ? redactor.place(read)
        : // A body may have been cut short, in the middle of a secret.
          redactor.text(read, form === 'text' && read.length === live.length);
  return (form === 'body' ? printableLines : printable)(cut(masked, LONGEST[form], live.length)) as Shown;
}

/** Words of ours, of fixtures and contracts; whoever calls this says that no text of a server or the settings is in them. */
export function ours(words: string): Shown {
  return words as Shown;
}

/** A line of ours with shown text in it. */
export function line(words: TemplateStringsArray, ...parts: (Shown | number)[]): Shown {
  return String.raw({ raw: words }, ...parts) as Shown;
}

/** Shown text put together again. */
export function lines(parts: Shown[], between = '\n'): Shown {
  return parts.join(between) as Shown;
}

function cut(text: string, most: number, length: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${length} characters)` : text;
}
