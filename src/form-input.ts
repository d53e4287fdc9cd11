import { acceptedBy } from './assertion.ts';
import { at, isObject, type Json, type JsonObject } from './json.ts';
import { Live, mapPrinted, templateAt, withTemplate, type Printed, type Template } from './printed.ts';
import type { Forms } from './sequence.ts';

/** The form that an answer carries, and the step whose recorded answer it is. */
export interface Form {
  step: string;
  body: Json;
}

/** The members to send, or the names of those for which there is no value. */
export type Input = { members: Record<string, Template> } | { lacking: string[] };

/** The names of what a form asks for. */
export function askedBy({ asks }: Forms, body: Json | undefined): string[] {
  const names = at(body, asks);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/** Whether an answer is the end of a process, and carries no form. */
export function isEnd({ end }: Forms, body: Json | undefined): boolean {
  return at(body, end) !== undefined;
}

/** Whether printed members are what a form asks for; what is missing of them must have a value of its own. */
export function answers(forms: Forms, body: Json, printed: object): boolean {
  if (isEnd(forms, body)) return false;
  const asked = askedBy(forms, body);
  const names = Object.keys(printed);
  const takes = at(body, forms.takes);
  if (asked.length === 0)
    return names.length === 0 || names.some((name) => isObject(takes) && Object.hasOwn(takes, name));
  return (
    asked.some((name) => names.includes(name)) &&
    asked.every((name) => names.includes(name) || Object.hasOwn(forms.values, name))
  );
}

/**
 * The members that a form asks for, with the printed values, those of the sequence, and those that the operator gives.
 * @param printed what a step prints; of it, only what the form takes
 * @param given the operator's values by name
 */
export function inputFor(forms: Forms, { body }: Form, printed: Record<string, Template>, given: JsonObject): Input {
  const asked = askedBy(forms, body);
  const takes = at(body, forms.takes);
  const taken = (name: string): boolean => asked.includes(name) || (isObject(takes) && Object.hasOwn(takes, name));
  const members: Record<string, Template> = {};
  const lacking: string[] = [];
  const theirs = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, new Live(value)]));
  for (const name of new Set([...asked, ...Object.keys(printed).filter(taken)])) {
    const value = [printed, forms.values, theirs].find((one) => Object.hasOwn(one, name))?.[name];
    const shaped = value === undefined ? { lacking: [name] } : shapedBy(forms, body, name, value, given);
    if ('lacking' in shaped) lacking.push(...shaped.lacking);
    else members[name] = shaped.value;
  }
  return lacking.length > 0 ? { lacking } : { members };
}

type Shaped = { value: Template } | { lacking: string[] };

/** A value in the form that the form wants: as many items as it asks for, and the members that it lists. */
function shapedBy(forms: Forms, body: Json, name: string, value: Template, given: JsonObject): Shaped {
  // What the operator gives is sent as it is.
  if (value instanceof Live) return { value };
  const list = forms.lists?.[name];
  if (list && Array.isArray(value)) return itemsFor(list, body, name, value, forms.values[name]);
  let shaped: Shaped = { value };
  for (const rule of forms.members ?? []) {
    const [, first, rest = ''] = /^\/([^/]+)(\/.*)?$/.exec(rule.to) ?? [];
    if (first !== name || 'lacking' in shaped) continue;
    shaped = membersFor(rule, rest, body, shaped.value, given);
  }
  return shaped;
}

/**
 * Items by the choices that a form lists: each listed choice makes one of the printed item that names a choice; the other
 * printed items come between them. The form says how many there must be, and which items it accepts.
 */
function itemsFor(
  rule: NonNullable<Forms['lists']>[string],
  body: Json,
  name: string,
  printed: Template[],
  more: Printed | undefined,
): Shaped {
  const pool = [...printed, ...(Array.isArray(more) ? more : [])];
  const names = (item: Template): item is Record<string, Template> => isObject(item) && Object.hasOwn(item, rule.as);
  const template = pool.find(names);
  const choices = at(body, rule.of);
  const ids = (Array.isArray(choices) ? choices : []).flatMap((choice) => {
    const id = at(choice, rule.id);
    return typeof id === 'string' ? [id] : [];
  });
  const listed = template ? ids.map((id): Template => ({ ...template, [rule.as]: new Live(id) })) : [];
  const isListed = (item: Record<string, Template>): boolean => ids.some((id) => id === item[rule.as]);
  const own = unique(pool.filter((item) => !names(item)));
  const schema = at(body, rule.items);
  const wanted: Json | undefined = isObject(schema)
    ? { ...schema, definitions: at(body, rule.definitions) ?? {} }
    : schema;
  const accepts = (item: Template): boolean => acceptedBy(wanted, asPrinted(item));
  const least = Number(at(body, rule.least) ?? 0);
  const fits = printed.every((item) => accepts(item) && (!names(item) || isListed(item)));
  if (fits && printed.length >= least) return { value: printed };
  const all = Array.from({ length: Math.max(listed.length, own.length) }, (_, index) => [listed[index], own[index]])
    .flat()
    .filter((one) => one !== undefined)
    .filter(accepts);
  if (all.length < least) return { lacking: [name] };
  return { value: all.slice(0, Math.max(least, printed.length)) };
}

function unique(items: Template[]): Template[] {
  return [...new Map(items.map((item) => [JSON.stringify(asPrinted(item)), item])).values()];
}

/** A template as JSON, with its names and expressions as they are printed. */
function asPrinted(template: Template): Json {
  return mapPrinted(template, (text) => text);
}

/** The members that a form lists, and those that it never lists; the operator's values for what is required besides. */
function membersFor(
  rule: NonNullable<Forms['members']>[number],
  rest: string,
  body: Json,
  value: Template,
  given: JsonObject,
): Shaped {
  const listed = at(body, rule.of);
  const here = templateAt(value, rest);
  if (here instanceof Live || !isObject(here)) return { value };
  // A form that describes none leaves it to the client which it sends.
  if (!isObject(listed))
    return { value: rule.absent === 'none' ? (withTemplate(value, rest, undefined) ?? {}) : value };
  const kept = Object.entries(here as Record<string, Template>).filter(
    ([name]) => Object.hasOwn(listed, name) || rule.besides?.includes(name),
  );
  const required = rule.required === undefined ? undefined : at(body, rule.required);
  const missing = (Array.isArray(required) ? required : []).filter(
    (name): name is string => typeof name === 'string' && !Object.hasOwn(here, name),
  );
  const lacking = missing.filter((name) => !Object.hasOwn(given, name));
  if (lacking.length > 0) return { lacking };
  const members: Record<string, Template> = Object.fromEntries([
    ...kept,
    ...missing.map((name): [string, Template] => [name, new Live(given[name] ?? null)]),
  ]);
  const none = Object.keys(members).length === 0 && rest !== '';
  return { value: (rest === '' ? members : withTemplate(value, rest, none ? undefined : members)) ?? {} };
}
