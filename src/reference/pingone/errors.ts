import { randomUUID } from 'node:crypto';
import type { Answer, Call } from '../http.ts';
import { changed, type Changes, type Faults } from './faults.ts';

/** One entry of an error's `details`. */
export interface Detail {
  code: string;
  message: string;
  target?: string;
  innerError?: Record<string, unknown>;
}

/** An error answer on its way out of a handler. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Detail[];
  readonly headers: Record<string, string>;
  constructor(
    status: number,
    code: string,
    message: string,
    details: Detail[] = [],
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** 400 for a body that was understood but breaks rules; one detail for each. */
export function invalidData(details: Detail[]): Refusal {
  const message = 'The request could not be completed. One or more validation errors were in the request.';
  return new Refusal(400, 'INVALID_DATA', message, details);
}

/** 400 for what the state of the environment forbids. */
export function constraint(message: string, target?: string): Refusal {
  // Chosen: the documents show only the detail; the status and the top code are those of other bad data.
  return invalidData([{ code: 'CONSTRAINT_VIOLATION', message, ...(target === undefined ? {} : { target }) }]);
}

/** 400 for a body that could not be understood at all. */
export function invalidRequest(message: string): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', message);
}

/** 404 for a path that leads to nothing. */
export function notFound(): Refusal {
  return new Refusal(404, 'NOT_FOUND', 'There is no resource at the requested path.');
}

interface Envelope {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown> | Buffer | null | undefined;
}

const without =
  (member: string) =>
  (answer: Envelope): Envelope => ({ ...answer, body: { ...answer.body, [member]: undefined } });

const bad = (answer: Envelope): boolean => answer.status === 400 && 'details' in (answer.body ?? {});

const missing = (answer: Envelope): boolean => answer.status === 404;

const CHANGES: Changes<Envelope, [Call]> = {
  'error-id-missing': without('id'),
  'error-code-missing': without('code'),
  'error-message-missing': without('message'),
  'error-code-of-other-status': (answer) => ({ ...answer, body: { ...answer.body, code: 'UNEXPECTED_ERROR' } }),
  'error-details-object': (answer) => {
    const details = (answer.body as { details?: Detail[] }).details;
    return details ? { ...answer, body: { ...answer.body, details: details[0] } } : answer;
  },
  'error-detail-code-missing': (answer) => {
    const details = (answer.body as { details?: Detail[] }).details;
    const codeless = details?.map((detail) => ({ ...detail, code: undefined }));
    return { ...answer, body: { ...answer.body, details: codeless } };
  },
  'error-echoes-token': (answer, call) => {
    const message = `The request failed; its credentials were ${call.headers.authorization ?? 'missing'}`;
    return { ...answer, body: { ...answer.body, message } };
  },
  'validation-error-as-500': (answer) => (bad(answer) ? { ...answer, status: 500 } : answer),
  'malformed-json-as-500': (answer) => (answer.status === 400 && !bad(answer) ? { ...answer, status: 500 } : answer),
  'not-found-as-200': (answer) => (missing(answer) ? { ...answer, status: 200, body: null } : answer),
  'not-found-as-400': (answer) => (missing(answer) ? { ...answer, status: 400 } : answer),
  'not-found-as-500': (answer) => (missing(answer) ? { ...answer, status: 500 } : answer),
  'error-id-constant': (answer) => ({
    ...answer,
    body: { ...answer.body, id: '1f9fae53-a19a-43e0-9c2b-2c9b1a6c7fbb' },
  }),
  'error-target-wrong': (answer) => {
    const details = (answer.body as { details?: Detail[] }).details;
    return { ...answer, body: { ...answer.body, details: details?.map((one) => ({ ...one, target: 'id' })) } };
  },
  'error-nested': (answer) => ({ ...answer, body: { error: answer.body } }),
  'error-as-200': (answer) => ({ ...answer, status: 200 }),
  'error-html': (answer) => ({
    ...answer,
    headers: { ...answer.headers, 'Content-Type': 'text/html' },
    body: Buffer.from(`<html><body><h1>Error ${answer.status}</h1></body></html>`),
  }),
  'error-empty': (answer) => ({ ...answer, body: undefined }),
};

/**
 * Writes an error in the platform's envelope.
 * @returns `{id, code, message, details?}` with the refusal's status
 * Source: pingone-api/platform/reference/error-codes.
 */
export function envelope(refusal: Refusal, call: Call, fault: Faults): Answer {
  const body: Record<string, unknown> = { id: randomUUID(), code: refusal.code, message: refusal.message };
  if (refusal.details.length > 0) body.details = refusal.details;
  return changed(fault, CHANGES, { status: refusal.status, headers: refusal.headers, body }, call);
}
