/** A piece of HTML that is safe to be put into a page. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | Part[];

/** A template of HTML: what is put in is text, and never markup, unless it is such a template itself. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((text, index) => text + shown(parts[index])).join(''));
}

function shown(part: Part): string {
  if (part === undefined) return '';
  if (Array.isArray(part)) return part.map(shown).join('');
  return part instanceof Html ? part.text : escaped(String(part));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Text for HTML and XML, in elements and in quoted attributes. Control characters, lone surrogates and characters that
 * turn the direction of text around, so that a server could make a line read as another, are shown as �.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, (one) =>
      /[\t\n\r]/.test(one) ? one : '\ufffd',
    )
    .replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}

/** An outcome or verdict as the name of a class. */
export function wordOf(outcome: string): string {
  return outcome.replaceAll(' ', '-');
}
