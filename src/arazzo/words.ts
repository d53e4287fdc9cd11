import { mapStrings, type Json } from '../json.ts';
import { isName, type Names, type Scope } from '../names.ts';
import { printedText } from '../printed.ts';
import { draftOf, isForm, setHeader } from '../request.ts';
import type { Sequence } from '../sequence.ts';
import type { Input } from './document.ts';

/** Where the value of an input comes from: a name of the sequence, or the Base64 of two, as HTTP Basic has it. */
export type Given = { name: string } | { base64: [string, string]; form: boolean };

/** A request before its names are filled in, all of it printed. */
type PrintedDraft = ReturnType<typeof draftOf>;

/** There is no way to say it; the message says why. */
export class Unsayable extends Error {}

/** A path of several parts, and no address. */
const PARTS = /^[^:{]+\/[^/]/;
const MARKER = /(?:http:\/\/)?zz(\d+)zz/g;

/**
 * What the names of a sequence are called in a workflow: an input, if a request needs the name before any answer has shown
 * it; else an output of the step that did. A request is built with a marker for each name, and the markers are then said.
 */
export class Words {
  readonly inputs: Record<string, Input> = {};
  readonly given: Record<string, Given> = {};
  /** Names that stay as they are printed: in a path they stand for several parts, which no parameter can hold. */
  readonly printed: ReadonlyMap<string, string>;
  readonly #sequence: Sequence;
  readonly #names: Names;
  readonly #known = new Map<string, string>();
  readonly #lost = new Set<string>();
  readonly #markers: string[] = [];

  constructor(sequence: Sequence, names: Names) {
    this.#sequence = sequence;
    this.#names = names;
    const parts = sequence.steps.flatMap(({ request, errata }) => names.parts(draftOf(request, errata).url));
    this.printed = new Map(
      parts.flatMap((part) => (isName(part) && PARTS.test(part.literal) ? [[part.name, part.literal]] : [])),
    );
  }

  /** How a name is said, if a step before has answered it or it is an input already. */
  known(name: string): string | undefined {
    return this.#known.get(name);
  }

  /** From here on, a name is said so. */
  learn(name: string, expression: string): void {
    this.#known.set(name, expression);
    this.#lost.delete(name);
  }

  /** A name that no later step can be given, unless one answers it. */
  lose(name: string): void {
    if (!this.#known.has(name)) this.#lost.add(name);
  }

  /** A value for each name that a draft mentions, so that it can be built. @throws Unsayable */
  scopeFor(draft: PrintedDraft): Scope {
    const mentioned = [
      ...this.#names.mentioned(draft.url),
      ...Object.entries(draft.headers).flatMap(([header, value]) => this.#names.mentioned(value, header)),
      ...this.#names.mentionedIn(draft.body),
      ...this.#names.mentionedIn(draft.set),
    ];
    return new Map(mentioned.map((name) => [name, { value: this.#valueOf(name), places: [] }]));
  }

  #valueOf(name: string): string {
    const printed = this.printed.get(name);
    if (printed !== undefined) return printed;
    if (this.#lost.has(name)) throw new Unsayable(`it needs ${name}, which no step that could be exported gives`);
    const address = name.startsWith('address.') ? 'http://' : '';
    return address + this.marker(this.#known.get(name) ?? this.#input(name, { name }));
  }

  #input(name: string, given: Given): string {
    const key = name.replaceAll(/\W+/g, '_');
    const secret = 'base64' in given || this.#sequence.secret?.includes(name) === true;
    const description =
      'base64' in given
        ? `The Base64 of ${given.base64.join(' and ')}${given.form ? ', form-encoded and' : ''} joined by a colon`
        : this.#sequence.fresh?.[name] !== undefined
          ? `Another one in each run, such as ${this.#sequence.fresh[name].replace('{unique}', '7d0f3a')}`
          : `What the sequence calls ${name}`;
    this.inputs[key] = { type: 'string', description, ...(secret ? { format: 'password' } : {}) };
    this.given[key] = given;
    if ('name' in given) this.#known.set(name, `$inputs.${key}`);
    return `$inputs.${key}`;
  }

  /** A text that stands for an expression while a request is built. */
  marker(expression: string): string {
    const known = this.#markers.indexOf(expression);
    return `zz${known < 0 ? this.#markers.push(expression) - 1 : known}zz`;
  }

  /** A draft in which the Base64 of two names is an input of its own: Arazzo cannot encode. @throws Unsayable */
  encoded(draft: PrintedDraft): PrintedDraft {
    const headers = { ...draft.headers };
    const form = isForm(draft);
    for (const [header, value] of Object.entries(headers)) {
      if (value.startsWith("UTF-8''") && this.#names.mentioned(value, header).length > 0)
        throw new Unsayable('it percent-encodes a value');
      const [whole, user = '', secret = ''] = /base64\(([^:)]*):([^)]*)\)/.exec(value) ?? [];
      if (whole === undefined) continue;
      const names = [user, secret].flatMap((text) => this.#names.mentioned(printedText(text), header));
      const [one, other] = names;
      if (one === undefined || other === undefined || names.some((name) => this.#answered(name)))
        throw new Unsayable('it encodes what an earlier step has answered in Base64');
      setHeader(
        headers,
        header,
        printedText(value.replace(whole, this.marker(this.#input(`basic ${one}`, { base64: [one, other], form })))),
      );
    }
    return { ...draft, headers };
  }

  #answered(name: string): boolean {
    return this.#lost.has(name) || this.#known.get(name)?.startsWith('$steps.') === true;
  }

  /** A text with its markers said: an expression, or a text with expressions in braces. */
  text(text: string): string {
    const [only] = [...text.matchAll(MARKER)];
    if (only?.[0] === text) return this.#markers[Number(only[1])] ?? '';
    return text.replaceAll(MARKER, (_, index: string) => `{${this.#markers[Number(index)] ?? ''}}`);
  }

  json(value: Json): Json {
    return mapStrings(value, (text) => this.text(text));
  }
}
