import type { Call } from '../http.ts';
import { invalidRequest, Refusal } from './errors.ts';

/** The media type of a body in lower case, without its parameters; empty when there is none. */
export function mediaType(call: Call): string {
  return (call.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the JSON object that a call carries.
 * @throws Refusal 415 for another media type, 400 for anything that is no JSON object
 */
export function readObject(call: Call): Record<string, unknown> {
  // Chosen: a missing body is a bad request, whatever its media type is said to be.
  if (call.body.length === 0) throw invalidRequest('The request needs a body.');
  if (!/^application\/(json|[\w.-]+\+json)$/.test(mediaType(call)))
    throw new Refusal(415, 'INVALID_REQUEST', 'The request body must be sent as application/json.');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(call.body));
  } catch {
    throw invalidRequest('The request body is not valid JSON.');
  }
  if (!isObject(value)) throw invalidRequest('The request body must be a JSON object.');
  return value;
}
