import { exactly } from './names.ts';
import type { Contract, Operation } from './contract.ts';
import { at, child, type Json, type JsonObject } from './json.ts';
import type { Exchange } from './telling.ts';
import { headerValues, mediaType, parseJson, type Sent } from './transport.ts';
import { walk, type SchemaPlace } from './walk.ts';

/**
 * Everything that a contract names of its answers, each with what it stands below: `createAction`, `createAction 201`,
 * `createAction 201 application/json`, `createAction 201 application/json /_links/self/href`, `login 200 header set-cookie`.
 */
export function entriesOf(contract: Contract): ReadonlyMap<string, string | undefined> {
  let entries = known.get(contract);
  if (!entries) known.set(contract, (entries = collected(contract)));
  return entries;
}

/** What was collected already: the report, its page and a comparison all ask for it. */
const known = new WeakMap<Contract, ReadonlyMap<string, string | undefined>>();

function collected(contract: Contract): ReadonlyMap<string, string | undefined> {
  const entries = new Map<string, string | undefined>();
  for (const operation of contract.operations.values()) {
    entries.set(operation.id, undefined);
    for (const { status, media, place } of contract.answers(operation)) {
      const answer = `${operation.id} ${status}`;
      entries.set(answer, operation.id);
      for (const name of headersOf(place.value)) entries.set(`${answer} header ${name.toLowerCase()}`, answer);
      for (const type of media) {
        const body = `${answer} ${type}`;
        entries.set(body, answer);
        const schema = schemaOf(place, type);
        if (schema) walkInto(contract, schema, body, undefined, (entry, parent) => entries.set(entry, parent));
      }
    }
  }
  return entries;
}

/** What exchanges have shown of a contract, as entries. */
export function seenIn(contract: Contract, exchanges: Exchange[]): Set<string> {
  const seen = new Set<string>();
  for (const { operation: id, sent, came } of exchanges) {
    const operation = operationOf(contract, sent) ?? contract.operations.get(id);
    if (!came || !operation) continue;
    seen.add(operation.id);
    const answer = contract.answer(operation, came.status);
    if (!answer) continue;
    const here = `${operation.id} ${answer.status}`;
    seen.add(here);
    for (const name of headersOf(answer.place.value))
      if (headerValues(came.headers, name).length > 0) seen.add(`${here} header ${name.toLowerCase()}`);
    const type = answer.media.find((one) => one.toLowerCase() === mediaType(came.headers));
    if (type === undefined || came.body.length === 0) continue;
    seen.add(`${here} ${type}`);
    const parsed = parseJson(came.body);
    const schema = schemaOf(answer.place, type);
    if (schema && 'json' in parsed)
      walkInto(contract, schema, `${here} ${type}`, parsed.json, (entry) => seen.add(entry));
  }
  return seen;
}

/** What was never seen, sorted; of something that was never seen at all, not also each of its parts. */
export function neverSeen(entries: ReadonlyMap<string, string | undefined>, seen: ReadonlySet<string>): string[] {
  return [...entries]
    .filter(([entry, parent]) => !seen.has(entry) && (parent === undefined || seen.has(parent)))
    .map(([entry]) => entry)
    .sort();
}

/** Whether an entry is one of those listed, or stands below one. */
export function isListed(
  entries: ReadonlyMap<string, string | undefined>,
  listed: ReadonlySet<string>,
  entry: string,
): boolean {
  for (let one: string | undefined = entry; one !== undefined; one = entries.get(one)) if (listed.has(one)) return true;
  return false;
}

function walkInto(
  contract: Contract,
  schema: SchemaPlace,
  above: string,
  value: Json | undefined,
  pass: (entry: string, parent: string) => void,
): void {
  walk(
    {
      contract,
      pass: ({ entry, parent }) => {
        pass(`${above} ${entry}`, parent === undefined ? above : `${above} ${parent}`);
      },
    },
    schema,
    value,
  );
}

type Place = ReturnType<Contract['answers']>[number]['place'];

function headersOf(answer: Json): string[] {
  return Object.keys((at(answer, '/headers') ?? {}) as JsonObject);
}

function schemaOf({ file, pointer, value }: Place, type: string): SchemaPlace | undefined {
  const inside = `${child('/content', type)}/schema`;
  return at(value, inside) === undefined ? undefined : { file, pointer: pointer + inside };
}

/** The operation that a request is for, by its method, path and query: a refusal may send what another step's operation takes. */
function operationOf(contract: Contract, { method, path }: Sent): Operation | undefined {
  const [bare = '', query = ''] = path.split('?');
  const given = query.split('&');
  const fits = [...contract.operations.values()].filter((operation) => {
    if (operation.method !== method) return false;
    const { pattern, named } = formOf(operation);
    return pattern.test(bare) && named.every((one) => given.includes(one));
  });
  // The path with the most fixed parts, or with a fixed query, says most exactly which one is meant.
  const exactness = ({ path: template }: Operation): number => template.replace(/\{[^}]*\}/g, '').length;
  return fits.sort((a, b) => exactness(b) - exactness(a))[0];
}

/** What the path of an operation looks like, and which parts of its query are fixed. */
function formOf(operation: Operation): { pattern: RegExp; named: string[] } {
  const known = forms.get(operation);
  if (known) return known;
  const [template = '', fixed = ''] = operation.path.split('?');
  const pattern = template
    .split('/')
    .map((part) => (/^\{.+\}$/.test(part) ? '[^/]+' : exactly(part)))
    .join('/');
  const form = { pattern: new RegExp(`${pattern}$`), named: fixed === '' ? [] : fixed.split('&') };
  forms.set(operation, form);
  return form;
}

/** Forms that were made already: each exchange is held to every operation. */
const forms = new WeakMap<Operation, { pattern: RegExp; named: string[] }>();
