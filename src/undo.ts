import { isDeepStrictEqual } from 'node:util';
import { exact } from './exact.ts';
import { expressionsIn, stepOf, wholeAnswerOf } from './expression.ts';
import { at, isObject, without, type Json } from './json.ts';
import { build, pathOf, type Draft, type PrintedDraft } from './request.ts';
import type { Undo } from './sequence.ts';
import type { Scope } from './names.ts';
import { printedText } from './printed.ts';
import { steady } from './steady.ts';
import type { Telling } from './telling.ts';
import { parseJson, TransportError, type Came, type Sent } from './transport.ts';

/** Something on a target that the story has created or changed, or may have. */
export interface Left {
  undo: Undo;
  /** Values of names from when it was created. */
  scope: Scope;
  /** Fresh values by which it is found in a list while its id is not known. */
  markers: string[];
  /** Fresh values of the run: what shows none of them was not created by it, whatever id an answer gave. */
  fresh: string[];
  id?: string;
}

/**
 * What undoing came to: how many were undone (none: it was gone), or what went wrong; whether nothing answered at all, and
 * whether what was put back reads differently.
 */
export type Undone = { undone: number } | { problem: string; unreachable?: boolean; differs?: true };

const LONGEST = 50;

/** The request that undoes, or the names and expressions that have no value yet. */
export function undoRequest(telling: Telling, { undo, scope, id }: Left): { sent: Sent; missing: string[] } {
  const { absent, headers, body } = undo;
  const gone = absent !== undefined && wasAnswered(telling, undo).includes(404);
  const draft: Draft = {
    method: gone ? absent : telling.stage.contract.operation(undo.operation).method,
    url: undo.url,
    ...(id === undefined ? {} : { parameters: { id } }),
    headers: { ...headers },
    ...(gone || body === undefined ? {} : { body }),
  };
  return build(draft, { ...telling.question(), scope: new Map([...scope, ...telling.scope]) }, undefined);
}

/** What the steps were answered that say what was there before. */
function wasAnswered(telling: Telling, undo: Undo): number[] {
  return expressionsIn(undo.body ?? null).flatMap(
    (one) => telling.recorded.get(stepOf(one) ?? '')?.response.status ?? [],
  );
}

/** What keeps something from being put back, so that it must not be changed: names nobody gave, or what was not read. */
export function irrevocable(telling: Telling, undo: Undo): string[] {
  if (undo.optional) return [];
  const { missing } = undoRequest(telling, { undo, scope: telling.scope, markers: [], fresh: [] });
  const known = wasAnswered(telling, undo).every((status) => status < 300 || (status === 404 && undo.absent));
  return missing.length > 0 || known ? missing : expressionsIn(undo.body ?? null);
}

/**
 * Takes away or puts back, once it is found. That it is gone already is as good.
 * @param everywhere whether it is looked for by its mark where the answered id leads to nothing
 */
export async function undoLeft(telling: Telling, left: Left, everywhere = true): Promise<Undone> {
  try {
    const isKnown = left.undo.id === undefined || (left.id !== undefined && (await ownerOf(telling, left)) === 'run');
    let undone = isKnown ? await undoAt(telling, left, left.id) : 0;
    // Where nothing is, the answer may have given the id of something else.
    const isDone = undone > 0 || left.undo.id === undefined || !everywhere;
    const others = isDone ? [] : await find(telling, left);
    for (const id of others) undone += await undoAt(telling, left, id);
    const differs = await differing(telling, left);
    return differs === undefined ? { undone } : { problem: differs, differs: true };
  } catch (error) {
    if (error instanceof NotUndone) return { problem: error.message };
    if (!(error instanceof TransportError)) throw error;
    return { problem: error.message, unreachable: error.reason === 'unreachable' };
  }
}

/**
 * Whose is what stands where an answer said that the new thing is: the run's own, unless it shows none of the run's fresh
 * values. What had none when it was created goes with what it is part of; what is gone belongs to nobody else.
 * @throws TransportError when no answer came
 */
export async function ownerOf(telling: Telling, left: Left): Promise<'run' | 'another' | 'unknown'> {
  if (left.id === undefined || left.markers.length === 0) return 'run';
  const { sent, missing } = undoRequest(telling, left);
  if (missing.length > 0) return 'unknown';
  const { status, body } = await telling.exchange(reading(sent));
  if (status === 404 || status === 410) return 'run';
  const parsed = parseJson(body);
  if (status >= 300 || !('json' in parsed)) return 'unknown';
  return shows(parsed.json, left.fresh) ? 'run' : 'another';
}

/** The request that reads what another one changes: it has no body, and no wish about how changes are made. */
function reading(sent: Sent): Sent {
  return { ...sent, method: 'GET', path: sent.path.replace(/\?.*$/s, ''), body: undefined };
}

/** Whether a fresh value stands anywhere in a value, in any letter case. */
function shows(value: Json, fresh: string[]): boolean {
  const text = JSON.stringify(value).toLowerCase();
  return fresh.some((one) => text.includes(JSON.stringify(one).slice(1, -1).toLowerCase()));
}

/** Where what was put back whole reads differently from what was there before. @throws TransportError when no answer came */
export async function differing(telling: Telling, left: Left): Promise<string | undefined> {
  const { body: was, except = [] } = left.undo;
  const { sent } = undoRequest(telling, left);
  if (sent.body === undefined || wholeAnswerOf(was) === undefined) return undefined;
  const seen = (body: Buffer): Json => without(exact(body.toString()), except);
  const before = seen(sent.body);
  const read = (): Promise<Came> => telling.exchange(reading(sent));
  const same = ({ status, body }: Came): boolean =>
    status < 300 && 'json' in parseJson(body) && isDeepStrictEqual(before, seen(body));
  const last = await telling.settling.eventually(await read(), same, read);
  if (same(last) || (await isSteadilySame(before, last, read, seen))) return undefined;
  return `${sent.path} was put back, and does not read as before`;
}

/** Whether what was put back reads as before, apart from what changes from reading to reading by itself. */
async function isSteadilySame(
  before: Json,
  first: Came,
  read: () => Promise<Came>,
  seen: (body: Buffer) => Json,
): Promise<boolean> {
  const second = await read();
  if (![first, second].every(({ status, body }) => status < 300 && 'json' in parseJson(body))) return false;
  const [one, other] = [first, second].map(({ body }) => new Map([['', seen(body)]]));
  const stable = one && other && steady(one, other).get('');
  return stable !== undefined && isDeepStrictEqual(without(before, stable.moving), stable.value);
}

class NotUndone extends Error {}

/** Sends the request that undoes. @returns how many were undone: none where it is gone. @throws NotUndone, TransportError */
async function undoAt(telling: Telling, left: Left, id: string | undefined): Promise<number> {
  const { sent, missing } = undoRequest(telling, { ...left, ...(id === undefined ? {} : { id }) });
  if (missing.length > 0) throw new NotUndone(`no value for ${missing.join(', ')}`);
  const { status } = await telling.exchange(sent);
  telling.settling.note(left.undo.operation, status);
  if (status < 300) return 1;
  if (status === 404 || status === 410) return 0;
  throw new NotUndone(`${sent.method} ${sent.path} answered ${status}`);
}

/** The request that reads the list of what a step creates. */
export function listOf({ find: list, url, headers }: Undo): PrintedDraft {
  return { method: 'GET', url: list ?? printedText(url.replace(/\/\{id\}.*$/s, '')), headers };
}

/** The ids of what holds a marker, from every page of the list. What has no marker goes with what it is part of. */
async function find(telling: Telling, { undo, scope, markers }: Left): Promise<string[]> {
  if (markers.length === 0) return [];
  const known = new Map([...scope, ...telling.scope]);
  const { sent, missing } = build(listOf(undo), { ...telling.question(), scope: known }, undefined);
  if (missing.length > 0) throw new NotUndone(`no value for ${missing.join(', ')}`);
  const ids: string[] = [];
  let path: string | undefined = sent.path;
  for (let page = 0; path !== undefined && page < LONGEST; page++) {
    const came = await telling.exchange({ ...sent, path });
    // Where a list is not there, nothing can be in it.
    if (came.status === 404) break;
    const parsed = parseJson(came.body);
    if (came.status >= 300 || !('json' in parsed)) throw new NotUndone(`GET ${path} answered ${came.status}`);
    ids.push(...marked(parsed.json, undo.id ?? '', markers));
    const next: Json | undefined = undo.next === undefined ? undefined : at(parsed.json, undo.next);
    path = typeof next === 'string' ? pathOf(next, sent.origin + path) : undefined;
  }
  return ids;
}

/** The ids of the outermost objects that have one and hold a marker. */
function marked(value: Json, id: string, markers: string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => marked(one, id, markers));
  if (!isObject(value)) return [];
  const own = at(value, id);
  if (typeof own !== 'string') return Object.values(value).flatMap((one) => marked(one, id, markers));
  return shows(value, markers) ? [own] : [];
}
