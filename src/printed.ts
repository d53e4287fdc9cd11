import { at, child, isObject, tokens, withValue, type Json } from './json.ts';

declare const mark: unique symbol;

/** Text of a fixture or a contract: placeholders, expressions and `{parameters}` in it are looked for. No other text is searched. */
export type PrintedText = string & { readonly [mark]: 'printed' };

/** A JSON value of a fixture or a contract. A value of a server or a setting is none: the compiler tells them apart. */
export type Printed = null | boolean | number | PrintedText | Printed[] | PrintedObject;
export interface PrintedObject {
  [member: string]: Printed;
}

/** A value of a server or of a setting inside printed JSON: opaque, and put in last, as it stands. */
export class Live<T extends Json = Json> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  get value(): T {
    return this.#value;
  }
}

/** Printed JSON in which live values stand already. */
export type Template = null | boolean | number | PrintedText | Live | Template[] | { [member: string]: Template };

/** A JSON Schema in which expressions and name literals may stand for values. */
export type Schema = PrintedObject | boolean;

/** Takes text for printed: only what a fixture or a contract says may come through this door. */
export function printedText(text: string): PrintedText {
  return text as PrintedText;
}

/** Takes a JSON value for printed: only what a fixture or a contract says may come through this door. */
export function printed(value: Json): Printed {
  return value as Printed;
}

/** Rebuilds a template with each printed string replaced by what `change` makes of it, and each live value put in. */
export function mapPrinted(
  template: Template,
  change: (text: PrintedText, pointer: string) => Json,
  pointer = '',
): Json {
  if (template instanceof Live) return template.value;
  if (typeof template === 'string') return change(template, pointer);
  if (Array.isArray(template)) return template.map((one, index) => mapPrinted(one, change, child(pointer, index)));
  if (isObject(template))
    return Object.fromEntries(
      Object.entries(template).map(([name, one]) => [name, mapPrinted(one as Template, change, child(pointer, name))]),
    );
  return template as null | boolean | number;
}

/**
 * A copy of a template with what stands at a pointer replaced, added (missing objects are made), or, with undefined,
 * removed. A pointer may lead into a live value: what stands beside its target stays live.
 */
export function withTemplate(
  template: Template | undefined,
  pointer: string,
  replacement: Template | undefined,
): Template | undefined {
  const opened = template === undefined ? undefined : openedAlong(template, tokens(pointer));
  return withValue(opened as Json | undefined, pointer, replacement as Json | undefined) as Template | undefined;
}

/** What stands at a pointer of a template; undefined where nothing does. */
export function templateAt(template: Template | undefined, pointer: string): Template | undefined {
  return tokens(pointer).reduce<Template | undefined>((here, token) => {
    const parts = here instanceof Live ? partsOf(here.value) : here;
    return Array.isArray(parts) || isObject(parts)
      ? (at(parts as Json, child('', token)) as Template | undefined)
      : undefined;
  }, template);
}

/** A template in which each live value on the way is taken apart into live parts. */
function openedAlong(template: Template, [token, ...rest]: readonly string[]): Template {
  if (token === undefined) return template;
  const here = template instanceof Live ? partsOf(template.value) : template;
  if (Array.isArray(here)) return here.map((one, index) => (String(index) === token ? openedAlong(one, rest) : one));
  if (!isObject(here)) return here;
  return Object.fromEntries(
    Object.entries(here as Record<string, Template>).map(([name, one]) => [
      name,
      name === token ? openedAlong(one, rest) : one,
    ]),
  );
}

function partsOf(value: Json): Template {
  if (Array.isArray(value)) return value.map((one) => new Live(one));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, new Live(one)]));
  return new Live(value);
}
