import type { Contract } from './contract.ts';
import { child, equal, isObject, type Json } from './json.ts';

/** A schema of a contract: its file and the pointer in it. */
export interface SchemaPlace {
  file: string;
  pointer: string;
}

/** What a walk passes: a place in the value, a branch of the schema there, or a schema that applies there. */
export interface Passed {
  /** `/_links/self/href`, `/tag enum "end"`: unique and stable. Items of a list are `*`, members without a name `{}`. */
  entry: string;
  /** The entry that this one stands below; undefined at the root. */
  parent: string | undefined;
}

interface Walk {
  contract: Contract;
  /** Called for each member, item and branch; more than once where several schemas name it. */
  pass?: (passed: Passed) => void;
  /** Called for each schema that applies to a value, with where the value stands; without a value, for each there is. */
  apply?: (schema: Json, where: string, place: SchemaPlace) => void;
}

/**
 * Walks a schema of a contract along a value: `$ref`, `allOf`, `if`, `anyOf`, `oneOf`, members and items.
 * Without a value it walks everything that any value could pass.
 */
export function walk(walking: Walk, schema: SchemaPlace, value?: Json): void {
  step(walking, schema, value, { entry: undefined, where: '' }, new Map());
}

interface Here {
  /** The entry of this place, where it has one. */
  entry: string | undefined;
  /** Where the value stands, as a JSON Pointer. */
  where: string;
}

/** The schemas that this one stands in, each with the entry where it was met. */
type Above = ReadonlyMap<string, string | undefined>;

function step(walking: Walk, schema: SchemaPlace, value: Json | undefined, outer: Here, above: Above): void {
  const { contract } = walking;
  for (const layer of contract.layers(schema.file, schema.pointer)) {
    const key = `${layer.file}#${layer.pointer}`;
    if (value === undefined && above.has(key)) continue;
    // A schema that stands in itself has its entries where it stands first: what is seen deeper is seen there.
    const here = above.has(key) ? { ...outer, entry: above.get(key) } : outer;
    const inside = new Map([...above, [key, here.entry]]);
    walking.apply?.(layer.value, here.where, layer);
    if (!isObject(layer.value)) continue;
    const at = (suffix: string): SchemaPlace => ({ file: layer.file, pointer: layer.pointer + suffix });
    const holds = (suffix: string): boolean => value === undefined || contract.validate(at(suffix), value).length === 0;
    const branch = (name: string): string => {
      const entry = `${here.entry ?? ''} ${name}`.trim();
      walking.pass?.({ entry, parent: here.entry });
      return entry;
    };
    const go = (suffix: string, to: Here = here, one = value): void => {
      step(walking, at(suffix), one, to, inside);
    };

    for (const one of asList(layer.value['enum']))
      if (value === undefined || equal(one, value)) branch(`enum ${JSON.stringify(one)}`);
    if (Array.isArray(layer.value['type']))
      for (const one of layer.value['type'] as string[])
        if (value === undefined || isOfType(value, one)) branch(`type ${one}`);
    asList(layer.value['allOf']).forEach((_, index) => {
      go(`/allOf/${index}`);
    });
    for (const word of ['anyOf', 'oneOf'])
      asList(layer.value[word]).forEach((one, index) => {
        if (!holds(`/${word}/${index}`)) return;
        branch(`${word} ${label(one)}`);
        go(`/${word}/${index}`);
      });
    if (layer.value['if'] !== undefined)
      for (const word of ['then', 'else'])
        if (layer.value[word] !== undefined && (value === undefined || holds('/if') === (word === 'then'))) {
          branch(`if ${label(layer.value['if'])} ${word}`);
          go(`/${word}`);
        }
    members(walking, layer.value, value, here, go);
    if (layer.value['items'] !== undefined && layer.value['items'] !== false)
      for (const [index, one] of value === undefined ? [[0, undefined] as const] : asList(value).entries())
        go('/items', { entry: passed(walking, here, '*'), where: child(here.where, index) }, one);
  }
}

function members(
  walking: Walk,
  schema: Record<string, Json>,
  value: Json | undefined,
  here: Here,
  go: (suffix: string, to: Here, one: Json | undefined) => void,
): void {
  const named = isObject(schema['properties']) ? schema['properties'] : {};
  for (const [name, one] of Object.entries(named)) {
    if (one === false || (value !== undefined && !(isObject(value) && Object.hasOwn(value, name)))) continue;
    const to = { entry: passed(walking, here, name), where: child(here.where, name) };
    go(child('/properties', name), to, isObject(value) ? value[name] : undefined);
  }
  if (!isObject(schema['additionalProperties'])) return;
  const others = isObject(value) ? Object.keys(value).filter((name) => !Object.hasOwn(named, name)) : [];
  for (const name of value === undefined ? ['{}'] : others)
    go(
      '/additionalProperties',
      { entry: passed(walking, here, '{}'), where: child(here.where, name) },
      isObject(value) ? value[name] : undefined,
    );
}

function passed(walking: Walk, here: Here, token: string): string {
  // A branch is not a place: what stands below one is named by the place alone.
  const entry = child(here.entry ?? '', token);
  walking.pass?.({ entry, parent: here.entry });
  return entry;
}

function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isObject(value) : typeof value === type;
}

/** A schema in a few words: the members that it fixes, the name of what it refers to, or itself. */
function label(schema: Json): string {
  if (!isObject(schema)) return JSON.stringify(schema);
  if (typeof schema['$ref'] === 'string') return schema['$ref'].split('/').at(-1) ?? '';
  const members = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const fixed = members.flatMap(([name, one]) =>
    isObject(one) && 'const' in one ? [`${name}=${JSON.stringify(one['const'])}`] : [],
  );
  return fixed.length > 0 && fixed.length === members.length ? fixed.join(',') : JSON.stringify(schema);
}

/** What the contract leaves free in a value. */
export interface Free {
  /** Whether the contract says that any member may stand there, or does not name the place at all. */
  open: (pointer: string) => boolean;
  /** Whether the members of the object there have names of their own and one schema: a member more is one value more. */
  isMap: (pointer: string) => boolean;
  /** Where the contract says that a value is the server's own (`x-free`), the reason, and where it says so. */
  own: (pointer: string) => { because: string; place: string } | undefined;
}

/** Finds what the contract leaves free in a value. */
export function freeIn(contract: Contract, schema: SchemaPlace, value: Json): Free {
  const known = new Set<string>();
  const open = new Set<string>();
  const maps = new Set<string>();
  const own = new Map<string, { because: string; place: string }>();
  const apply = (one: Json, where: string, { file, pointer }: SchemaPlace): void => {
    known.add(where);
    if (!isObject(one)) return;
    if (one['additionalProperties'] === true || isObject(one['additionalProperties'])) open.add(where);
    if (isObject(one['additionalProperties'])) maps.add(where);
    if (typeof one['x-free'] === 'string')
      own.set(where, { because: one['x-free'], place: `${contract.nameOf(file)}#${pointer}` });
  };
  walk({ contract, apply }, schema, value);
  return {
    isMap: (pointer) => maps.has(pointer),
    open: (pointer) => open.has(pointer) || !known.has(pointer),
    own: (pointer) => [...own].find(([where]) => pointer === where || pointer.startsWith(`${where}/`))?.[1],
  };
}
