import { acceptedBy } from './assertion.ts';
import { at, child, isObject, withValue, type Json, type JsonObject } from './json.ts';
import type { Forms } from './sequence.ts';

/** The form that an answer carries, and the step whose recorded answer it is. */
export interface Form {
  step: string;
  body: Json;
}

/** The members to send, or the names of those for which there is no value. */
export type Input = { members: JsonObject } | { lacking: string[] };

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
export function answers(forms: Forms, body: Json, printed: JsonObject): boolean {
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
export function inputFor(forms: Forms, { step, body }: Form, printed: JsonObject, given: JsonObject): Input {
  const asked = askedBy(forms, body);
  const takes = at(body, forms.takes);
  const taken = (name: string): boolean => asked.includes(name) || (isObject(takes) && Object.hasOwn(takes, name));
  const members: JsonObject = {};
  const lacking: string[] = [];
  for (const name of new Set([...asked, ...Object.keys(printed).filter(taken)])) {
    const value = [printed, forms.values, given].find((one) => Object.hasOwn(one, name))?.[name];
    const shaped = value === undefined ? { lacking: [name] } : shapedBy(forms, { step, body }, name, value, given);
    if ('lacking' in shaped) lacking.push(...shaped.lacking);
    else members[name] = shaped.value;
  }
  return lacking.length > 0 ? { lacking } : { members };
}

type Shaped = { value: Json } | { lacking: string[] };

/** A value in the form that the form wants: as many items as it asks for, and the members that it lists. */
function shapedBy(forms: Forms, form: Form, name: string, value: Json, given: JsonObject): Shaped {
  const list = forms.lists?.[name];
  if (list && Array.isArray(value)) return itemsFor(list, form, name, value, forms.values[name]);
  let shaped: Shaped = { value };
  for (const rule of forms.members ?? []) {
    const [, first, rest = ''] = /^\/([^/]+)(\/.*)?$/.exec(rule.to) ?? [];
    if (first !== name || 'lacking' in shaped) continue;
    shaped = membersFor(rule, rest, form.body, shaped.value, given);
  }
  return shaped;
}

/**
 * Items by the choices that a form lists: each listed choice makes one of the printed item that names a choice; the other
 * printed items come between them. The form says how many there must be, and which items it accepts.
 */
function itemsFor(
  rule: NonNullable<Forms['lists']>[string],
  { step, body }: Form,
  name: string,
  printed: Json[],
  more: Json | undefined,
): Shaped {
  const pool = [...printed, ...(Array.isArray(more) ? more : [])];
  const names = (item: Json): boolean => isObject(item) && Object.hasOwn(item, rule.as);
  const template = pool.find(names);
  const choices = at(body, rule.of);
  const listed = (Array.isArray(choices) ? choices : []).flatMap((choice, index) => {
    const value = at(choice, rule.id);
    if (!isObject(template) || typeof value !== 'string') return [];
    const place = `$${step}.response.body#${child(rule.of, index)}${rule.id}`;
    return [{ real: { ...template, [rule.as]: value }, sent: { ...template, [rule.as]: place } }];
  });
  const isListed = (item: Json): boolean => listed.some(({ real }) => real[rule.as] === at(item, `/${rule.as}`));
  const own = unique(pool.filter((item) => !names(item))).map((item) => ({ real: item, sent: item }));
  const schema = at(body, rule.items);
  const wanted: Json | undefined = isObject(schema)
    ? { ...schema, definitions: at(body, rule.definitions) ?? {} }
    : schema;
  const least = Number(at(body, rule.least) ?? 0);
  const fits = printed.every((item) => acceptedBy(wanted, item) && (!names(item) || isListed(item)));
  if (fits && printed.length >= least) return { value: printed };
  const all = Array.from({ length: Math.max(listed.length, own.length) }, (_, index) => [listed[index], own[index]])
    .flat()
    .filter((one) => one !== undefined)
    .filter(({ real }) => acceptedBy(wanted, real));
  if (all.length < least) return { lacking: [name] };
  return { value: all.slice(0, Math.max(least, printed.length)).map(({ sent }) => sent) };
}

function unique(items: Json[]): Json[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** The members that a form lists, and those that it never lists; the operator's values for what is required besides. */
function membersFor(
  rule: NonNullable<Forms['members']>[number],
  rest: string,
  body: Json,
  value: Json,
  given: JsonObject,
): Shaped {
  const listed = at(body, rule.of);
  const here = at(value, rest);
  if (!isObject(here)) return { value };
  // A form that describes none leaves it to the client which it sends.
  if (!isObject(listed)) return { value: rule.absent === 'none' ? (withValue(value, rest, undefined) ?? {}) : value };
  const kept = Object.entries(here).filter(([name]) => Object.hasOwn(listed, name) || rule.besides?.includes(name));
  const required = rule.required === undefined ? undefined : at(body, rule.required);
  const missing = (Array.isArray(required) ? required : []).filter(
    (name): name is string => typeof name === 'string' && !Object.hasOwn(here, name),
  );
  const lacking = missing.filter((name) => !Object.hasOwn(given, name));
  if (lacking.length > 0) return { lacking };
  const members = Object.fromEntries([...kept, ...missing.map((name) => [name, given[name]])]) as JsonObject;
  const none = Object.keys(members).length === 0 && rest !== '';
  return { value: (rest === '' ? members : withValue(value, rest, none ? undefined : members)) ?? {} };
}
