import { pointerOf, stepOf } from './expression.ts';
import { at, withValue, type Json } from './json.ts';
import type { Question } from './judge.ts';
import type { PrintedText } from './printed.ts';
import { mediaType, type Came } from './transport.ts';

type Asked = Pick<Question, 'contract' | 'operation' | 'recorded'>;

/** Pointers at members of an earlier value that the contract does not name at a place: nothing says that they are shown there too. */
export function unnamedAt(
  place: string,
  item: Json,
  came: Came,
  json: Json | undefined,
  { contract, operation }: Asked,
): string[] {
  const schema = contract.answerSchema(operation, came.status, mediaType(came.headers) ?? '');
  const list = withValue(json, place, item);
  // Of a value that is wrong altogether nobody can tell which members have a name.
  if (!schema || list === undefined || contract.validate(schema, list).length > 0) return [];
  return below(contract.unnamed(schema, list), place);
}

/**
 * Pointers at members of an earlier value that the contract does not name where the value is from: nothing says what they mean,
 * so they may be others in the next answer, however open that one is. What the client has sent is meant all the same.
 */
export function unnamedFrom(expression: PrintedText, { contract, recorded }: Asked): string[] {
  const source = recorded.get(stepOf(expression) ?? '');
  const { body, status, headers } = source?.response ?? {};
  if (source?.operation === undefined || body === undefined || status === undefined) return [];
  const media = mediaType(Object.entries(headers ?? {})) ?? '';
  const schema = contract.answerSchema(contract.operation(source.operation), status, media);
  if (!schema) return [];
  const unnamed = contract.unnamed(schema, body).filter((pointer) => at(source.request.body, pointer) === undefined);
  return below(unnamed, pointerOf(expression));
}

/** Pointers at what is below a place, from there. */
function below(pointers: string[], place: string): string[] {
  return pointers.flatMap((pointer) => (pointer.startsWith(`${place}/`) ? [pointer.slice(place.length)] : []));
}
