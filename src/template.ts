import { evaluate, isExpression, type Recorded } from './expression.ts';
import { mapPrinted, type PrintedText, type Template } from './printed.ts';
import type { Json } from './json.ts';
import type { Names, Scope } from './names.ts';

/** What printed text is filled from: the names with their values, and what was sent and answered so far. */
export interface Known {
  names: Names;
  scope: Scope;
  recorded: ReadonlyMap<string, Recorded>;
}

/**
 * Printed JSON with each expression and each name in it replaced by its value. A value is put in as it stands: what a
 * server gave is not read again, whatever it looks like.
 * @returns the value, and the expressions and names that have none
 */
export function filled(template: Template, known: Known): { value: Json; missing: string[] } {
  const missing: string[] = [];
  const fill = (text: PrintedText): Json => {
    const one = filledText(text, known);
    missing.push(...one.missing);
    return one.value;
  };
  return { value: mapPrinted(template, fill), missing };
}

function filledText(text: PrintedText, { names, scope, recorded }: Known): { value: Json; missing: string[] } {
  if (!isExpression(text)) {
    const { text: value, missing } = names.fill(text, scope);
    return { value, missing };
  }
  const value = evaluate(text, recorded);
  return value === undefined ? { value: null, missing: [text] } : { value, missing: [] };
}
