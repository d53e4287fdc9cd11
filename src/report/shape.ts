import { at, child, isObject, typeOf, type Json } from '../json.ts';
import type { Names } from '../names.ts';
import type { Redactor } from '../redact.ts';
import type { Step } from '../sequence.ts';
import { shown, type Shown } from '../shown.ts';
import { mediaType, parseJson, type Came } from '../transport.ts';

/** What an answer looked like, without anything that differs from one run to the next. */
export interface Shape<Text extends string = string> {
  status: number;
  /** Without parameters, in lower case; null where there was none. */
  media: Text | null;
  /** Lower-case names, sorted; those of the connection are left out. */
  headers: Text[];
  /** By pointer, `*` for the items of a list: the JSON types that were there, and the value where the page pins it. */
  members: Record<string, { types: string[]; constant?: Json }>;
}

/** The shape ready to be shown. What it is (statuses, types of JSON) is said in words of ours. */
export function shownShape({ status, media, headers, members }: Shape, redactor: Redactor): Shape<Shown> {
  const place = (text: string): Shown => shown(text, 'place', redactor);
  return {
    status,
    media: media === null ? null : place(media),
    headers: headers.map(place),
    members: Object.fromEntries(
      Object.entries(members).map(([pointer, { types, constant }]) => [
        place(pointer),
        { types, ...(constant === undefined ? {} : { constant: redactor.json(constant) }) },
      ]),
    ),
  };
}

/** Headers that say how an answer was carried and when, not what it is. */
const CARRIAGE = /^(connection|keep-alive|transfer-encoding|content-length|content-encoding|trailer|via|age|date)$/;

/**
 * The shape of an answer.
 * @param step its printed body, names and excuses apart, says which values are constants; of a refusal there is none,
 * and what tells its kind counts
 */
export function shapeOf(came: Came, step?: Step, names?: Names): Shape {
  const parsed = parseJson(came.body);
  const members: Shape['members'] = {};
  const pinned = (pointer: string, value: Json): boolean =>
    step && names ? isPinned(step, names, pointer, value) : came.status >= 400 && KIND_OF_ERROR.test(pointer);
  if ('json' in parsed) collect(parsed.json, '', '', members, pinned);
  const headers = [...new Set(came.headers.map(([name]) => name.toLowerCase()))].filter((name) => !CARRIAGE.test(name));
  return {
    status: came.status,
    media: mediaType(came.headers) ?? null,
    headers: headers.sort(),
    members: Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Members that say what kind of error it is (RFC 6749, 5.2, and the error envelopes of JSON APIs), and not what happened. */
const KIND_OF_ERROR = /(^|\/)(code|error|reason)$/;

/** Whether the page prints a scalar at this place that every server must answer with. */
function isPinned(step: Step, names: Names, pointer: string, value: Json): boolean {
  const printed = at(step.answer.body, pointer);
  if (printed === undefined || typeof printed === 'object' || typeof value === 'object') return false;
  const excused = Object.keys(step.vary ?? {}).some((one) => pointer === one || pointer.startsWith(`${one}/`));
  return !excused && !(typeof printed === 'string' && names.mentions(printed));
}

function collect(
  value: Json,
  pointer: string,
  shown: string,
  members: Shape['members'],
  pinned: (pointer: string, value: Json) => boolean,
): void {
  const member = (members[shown] ??= { types: [] });
  member.types = [...new Set([...member.types, typeOf(value)])].sort();
  if (pinned(pointer, value)) member.constant = value;
  if (Array.isArray(value))
    for (const [index, one] of value.entries()) collect(one, child(pointer, index), `${shown}/*`, members, pinned);
  else if (isObject(value))
    for (const [name, one] of Object.entries(value))
      collect(one, child(pointer, name), child(shown, name), members, pinned);
}
