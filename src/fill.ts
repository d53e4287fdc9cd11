import { acceptedBy } from './assertion.ts';
import { at, isObject, type Json, type JsonObject } from './json.ts';
import { Live, templateAt, type Printed, type PrintedObject, type Template } from './printed.ts';
import type { Step } from './sequence.ts';

/** The members to send for a form, or why there is nothing that could be sent. */
export type Filled = { members: Record<string, Template> } | { problem: string };

/**
 * Chooses a value for each required member of a form that a server answered with. The operator's value comes first,
 * then the printed one if the member's own schema accepts it. Members that are not required are sent only when one of
 * the two is for them by name.
 * @param fill where the form's list, names, schemas stand
 * @param form the body of the answer with the form
 * @param printed the printed members by name
 * @param given the operator's values by name
 */
export function fillForm(
  fill: NonNullable<Step['fill']>,
  form: Json | undefined,
  printed: PrintedObject,
  given: JsonObject,
): Filled {
  const list = at(form, fill.list);
  if (!Array.isArray(list))
    return { problem: `the form has no list at ${fill.list}: it is of a kind that this sequence cannot fill` };
  const members = new Map<string, Template>();
  const [anyPrinted] = Object.values(printed);
  for (const item of list) {
    const name = at(item, fill.name);
    if (typeof name !== 'string') return { problem: `an item of ${fill.list} has no name at ${fill.name}` };
    const schema = at(item, fill.schema);
    const required = at(item, fill.required) === true;
    const own = Object.hasOwn(given, name) ? new Live(given[name] ?? null) : undefined;
    const shown = Object.hasOwn(printed, name) ? printed[name] : required ? anyPrinted : undefined;
    const value = own ?? (shown !== undefined && acceptedBy(schema, shown) ? shown : undefined);
    if (value !== undefined) members.set(name, value);
    else if (required)
      return {
        problem: `the form asks for '${name}', which does not accept the printed value; give one in ${fill.values}, for example {"${name}": …}`,
      };
  }
  return { members: Object.fromEntries(members) };
}

/** The value that is printed or given at a pointer of the request body, as an object of members. */
export function membersAt(body: Printed | undefined, pointer: string): PrintedObject;
export function membersAt(body: Template | undefined, pointer: string): Record<string, Template>;
export function membersAt(body: Json | undefined, pointer: string): JsonObject;
export function membersAt(body: Template | Json | undefined, pointer: string): Record<string, Template> | JsonObject {
  const value = templateAt(body as Template | undefined, pointer);
  return isObject(value) && !(value instanceof Live) ? value : {};
}
