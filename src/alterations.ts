import { child, isObject, typeOf, withValue, type Json, type JsonObject } from './json.ts';
import { altered } from './refusals.ts';
import { parseJson } from './transport.ts';

/** An answer that can be altered: the same as what the transport hands over. */
export interface Answer {
  status: number;
  headers: [string, string][];
  body: Buffer;
}

/** The ways in which an answer is altered: the rows of the kill matrix. */
export const WAYS = [
  'member removed',
  'member renamed',
  'member nulled',
  'member added',
  'value changed',
  'type changed',
  'letter case changed',
  'array shortened',
  'array lengthened',
  'array reordered',
  'array item doubled',
  'nesting changed',
  'id swapped',
  'status changed',
  'media type changed',
  'header changed',
  'body replaced',
] as const;
export type Way = (typeof WAYS)[number];

/** One altered answer. */
export interface Alteration {
  /** Stable and unique among the alterations of one answer: way, pointer and variant. */
  id: string;
  what: Way;
  /** Where: a JSON Pointer into the body, or `status`, `media type`, `header set-cookie`, `body`. */
  pointer: string;
  /** Nothing that stood in the answer was changed: something was added. */
  added: boolean;
  answer: Answer;
}

/** What the generator has to be told beyond the answer itself. */
export interface Known {
  /** Values that stand for something (ids, hosts, users): each occurrence is swapped for another value, one at a time. */
  ids: { value: string; others: string[] }[];
  /** Headers that something is said of, or that are needed later, by lower-case name; of the former each part counts. */
  headers: Map<string, 'said' | 'needed'>;
}

const STATUSES = [200, 201, 202, 204, 206, 400, 401, 403, 404, 409, 410, 422, 500];
const MEDIA = ['text/plain', 'text/html', undefined, 'application/xml'];
const HTML = '<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>';

/**
 * Every alteration of an answer, in a fixed order; what would be the same answer is left out.
 * @param taken which of them are made, by their place in that order; all by default
 */
export function alterations(
  answer: Answer,
  known: Known,
  taken: (index: number) => boolean = () => true,
): Alteration[] {
  const read = parseJson(answer.body);
  const json = 'json' in read ? read.json : undefined;
  const bodies = json === undefined ? [] : [...structural(json), ...swapped(json, known.ids)];
  const others = [
    ...statuses(answer),
    ...mediaTypes(answer),
    ...headers(answer, known.headers),
    ...rawBodies(answer, json),
  ];
  const all = [
    ...bodies
      .filter((_, index) => taken(index))
      .map((change): Alteration => ({
        id: `${change.what} ${change.pointer} ${change.variant}`,
        what: change.what,
        pointer: change.pointer,
        added: change.added ?? false,
        answer: { ...answer, body: Buffer.from(JSON.stringify(change.body())) },
      })),
    ...others.filter((_, index) => taken(bodies.length + index)),
  ];
  const seen = new Set([fingerprint(answer)]);
  return all.filter((one) => {
    const print = fingerprint(one.answer);
    return seen.has(print) ? false : (seen.add(print), true);
  });
}

function fingerprint({ status, headers, body }: Answer): string {
  return `${status} ${JSON.stringify(headers)} ${body.toString('latin1')}`;
}

/** A body with one thing changed, made when it is asked for. */
interface Change {
  what: Way;
  pointer: string;
  variant: string;
  added?: boolean;
  body: () => Json;
}

/** Every place of a body, altered in every way that its type allows. */
function structural(body: Json): Change[] {
  const changes: Change[] = [];
  const walk = (value: Json, pointer: string, parent: Json | undefined): void => {
    const put = (what: Way, variant: string, replacement: Json | undefined, added = false): void => {
      changes.push({ what, pointer, variant, added, body: () => withValue(body, pointer, replacement) ?? null });
    };
    if (isObject(parent)) put('member removed', '', undefined);
    if (parent !== undefined && value !== null) put('member nulled', '', null);
    for (const [variant, other] of otherTypes(value)) put('type changed', variant, other);
    put('nesting changed', 'in an array', [value]);
    put('nesting changed', 'in an object', { value }, isEmpty(value));
    if (Array.isArray(value)) {
      if (value.length === 1) put('nesting changed', 'out of its array', value[0]);
      arrays(value, put);
      value.forEach((one, index) => {
        if (looksInto(value, index)) walk(one, child(pointer, index), value);
      });
    } else if (isObject(value)) {
      objects(body, value, pointer, changes);
      put('member added', '', { ...value, addedByNobody: 'added' }, true);
      for (const [name, one] of Object.entries(value)) walk(one, child(pointer, name), value);
    } else {
      for (const [variant, other] of otherValues(value)) put('value changed', variant, other);
      for (const [variant, other] of otherCases(value)) put('letter case changed', variant, other);
    }
  };
  walk(body, '', undefined);
  return changes;
}

/** Of a long list, the first items and the last are altered inside; each of them is taken away and doubled. */
function looksInto(list: Json[], index: number): boolean {
  return index < 2 || index === list.length - 1;
}

type Put = (what: Way, variant: string, replacement: Json | undefined, added?: boolean) => void;

function arrays(value: Json[], put: Put): void {
  value.forEach((one, index) => {
    put('array shortened', `by ${index}`, value.toSpliced(index, 1));
    put('array item doubled', `${index}`, [...value, one]);
  });
  if (value.length > 1) {
    put('array shortened', 'to nothing', []);
    put('array reordered', 'reversed', value.toReversed());
    put('array reordered', 'rotated', [...value.slice(1), ...value.slice(0, 1)]);
  }
  put('array lengthened', 'at its end', [...value, another(value.at(-1))], value.length === 0);
  if (value.length > 0) put('array lengthened', 'at its start', [another(value[0]), ...value]);
}

/** Renames each member, and moves each one up, or down: into itself, and into the next object beside it. */
function objects(body: Json, value: JsonObject, pointer: string, changes: Change[]): void {
  const members = Object.entries(value);
  const put = (what: Way, at: string, variant: string, where: string, changed: Json, added = false): void => {
    changes.push({ what, pointer: at, variant, added, body: () => withValue(body, where, changed) ?? null });
  };
  for (const [index, [name, one]] of members.entries()) {
    const here = child(pointer, name);
    const without = Object.fromEntries(members.filter(([other]) => other !== name));
    for (const other of [`${name}_`, toggled(name)])
      if (!(other in value)) put('member renamed', here, other, pointer, { ...without, [other]: one });
    put('nesting changed', here, 'down into itself', here, { [name]: one }, isEmpty(one));
    const next = [...members.slice(index + 1), ...members.slice(0, index)];
    const [sibling, into] = next.find(([, other]) => isObject(other) && !(name in other)) ?? [];
    if (sibling !== undefined && isObject(into))
      put('nesting changed', here, `down into ${sibling}`, pointer, {
        ...without,
        [sibling]: { ...into, [name]: one },
      });
    if (isObject(one)) {
      for (const [inner, moved] of Object.entries(one))
        if (!(inner in value))
          put('nesting changed', child(here, inner), 'up', pointer, {
            ...value,
            [name]: Object.fromEntries(Object.entries(one).filter(([other]) => other !== inner)),
            [inner]: moved,
          });
      if (Object.keys(one).length > 0) put('nesting changed', here, 'flattened', pointer, { ...without, ...one });
    }
  }
}

/** What is wrapped when an empty object is, is no more than a member that it gains. */
function isEmpty(value: Json): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** An item of the same kind that is not the same. */
function another(like: Json | undefined): Json {
  if (like === undefined) return 'added';
  if (typeof like === 'string') return `${like}x`;
  if (typeof like === 'number') return like + 1;
  if (isObject(like))
    return Object.fromEntries(
      Object.entries(like).map(([name, one]) => [name, typeof one === 'string' ? another(one) : one]),
    );
  return typeof like === 'boolean' ? !like : like;
}

function otherValues(value: Json): [string, Json][] {
  if (typeof value === 'string')
    return [
      ['empty', ''],
      ['longer', `${value}x`],
      ['shorter', value.slice(0, -1)],
      ['prefixed', `x${value}`],
      ['spaced', `${value} `],
      ['another', 'another'],
    ];
  if (typeof value === 'number')
    return [
      ['one more', value + 1],
      ['one less', value - 1],
      ['times ten', value * 10],
      ['negative', -value],
      ['zero', 0],
      ['a fraction more', value + 0.001],
    ];
  if (typeof value === 'boolean') return [['the other', !value]];
  return [];
}

function otherTypes(value: Json): [string, Json][] {
  const all: [string, Json][] = [
    ['text', typeof value === 'string' ? '' : value === null ? '' : JSON.stringify(value)],
    ['number', typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : 42],
    ['boolean', value !== 'false' && value !== 0],
    ['object', Array.isArray(value) ? Object.fromEntries(value.entries()) : {}],
    ['array', isObject(value) ? Object.values(value) : []],
  ];
  return all.filter(([, other]) => typeOf(other) !== typeOf(value));
}

function otherCases(value: Json): [string, Json][] {
  return typeof value === 'string'
    ? [
        ['upper', value.toUpperCase()],
        ['lower', value.toLowerCase()],
        ['first letter', toggled(value)],
      ]
    : [];
}

/** The same with its first letter in the other case. */
function toggled(text: string): string {
  return text.replace(/[a-z]/i, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

/** Every occurrence of every known value in every string, swapped on its own. */
function swapped(body: Json, ids: Known['ids']): Change[] {
  const changes: Change[] = [];
  const walk = (value: Json, pointer: string): void => {
    if (Array.isArray(value))
      value.forEach((one, index) => {
        if (looksInto(value, index)) walk(one, child(pointer, index));
      });
    else if (isObject(value)) for (const [name, one] of Object.entries(value)) walk(one, child(pointer, name));
    else if (typeof value === 'string')
      for (const { value: id, others } of ids)
        for (let from = value.indexOf(id); id !== '' && from >= 0; from = value.indexOf(id, from + 1))
          for (const [index, other] of [altered(id), ...others].entries()) {
            const changed = value.slice(0, from) + other + value.slice(from + id.length);
            const swap = (): Json => withValue(body, pointer, changed) ?? null;
            changes.push({ what: 'id swapped', pointer, variant: `${from} ${index}`, body: swap });
          }
  };
  walk(body, '');
  return changes;
}

function statuses(answer: Answer): Alteration[] {
  return STATUSES.map((status) => ({
    id: `status changed ${status}`,
    what: 'status changed',
    pointer: 'status',
    added: false,
    answer: { ...answer, status },
  }));
}

function mediaTypes(answer: Answer): Alteration[] {
  if (answer.body.length === 0) return [];
  const others = answer.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  return MEDIA.map((media) => ({
    id: `media type changed ${media ?? 'absent'}`,
    what: 'media type changed',
    pointer: 'media type',
    added: false,
    answer: { ...answer, headers: media === undefined ? others : [...others, ['Content-Type', media]] },
  }));
}

/** Each header that something is said of: away, empty, another value, and without each of its parts. */
function headers(answer: Answer, wanted: Known['headers']): Alteration[] {
  return answer.headers.flatMap(([name, value], index) => {
    const why = wanted.get(name.toLowerCase());
    if (why === undefined) return [];
    const parts = why === 'said' ? value.split(';') : [];
    const others: [string, string | undefined][] = [
      ['removed', undefined],
      ['empty', ''],
      ['prefixed', `x${value}`],
      ...parts.map((_, part): [string, string] => [`without part ${part}`, parts.toSpliced(part, 1).join(';').trim()]),
    ];
    return others.map(([variant, other]): Alteration => ({
      id: `header changed ${name.toLowerCase()} ${index} ${variant}`,
      what: 'header changed',
      pointer: `header ${name.toLowerCase()}`,
      added: false,
      answer: {
        ...answer,
        headers: answer.headers.flatMap((one, at): [string, string][] =>
          at !== index ? [one] : other === undefined ? [] : [[name, other]],
        ),
      },
    }));
  });
}

function rawBodies(answer: Answer, json: Json | undefined): Alteration[] {
  const text = answer.body.toString();
  const bodies: [string, string | Buffer][] =
    text === ''
      ? [['added', '{"added":"by nobody"}']]
      : [
          ['empty', ''],
          ['cut in half', text.slice(0, Math.floor(text.length / 2))],
          ['cut by a byte', text.slice(0, -1)],
          ['HTML', HTML],
          ['text', 'OK'],
          ['more after it', `${text}x`],
          ['twice', text + text],
          ['not UTF-8', Buffer.concat([answer.body.subarray(0, 1), Buffer.from([0xff]), answer.body.subarray(1)])],
          ['null', 'null'],
          ['an empty object', '{}'],
          ['an empty array', '[]'],
          ['its own text', JSON.stringify(text)],
          ...(json === undefined ? [] : ([['single quotes', text.replaceAll('"', "'")]] as [string, string][])),
        ];
  return bodies.map(([variant, body]) => ({
    id: `body replaced ${variant}`,
    what: 'body replaced',
    pointer: 'body',
    added: variant === 'added',
    answer: { ...answer, body: Buffer.from(body) },
  }));
}
