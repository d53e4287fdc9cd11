import type { Answer } from '../http.ts';
import type { World } from './world.ts';

const REASONS = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
} as const;

type Code = keyof typeof REASONS;

/** A request that is not carried out. */
export class Refusal extends Error {
  readonly code: Code;
  readonly detail: unknown;
  /**
   * @param code the HTTP status
   * @param message for the reader of the answer
   * @param detail what a program can make use of
   */
  constructor(code: Code, message: string, detail?: unknown) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

/** Nobody, or not who they say. The two are not told apart. */
export function unauthorized(message = 'Access Denied'): Refusal {
  return new Refusal(401, message);
}

/** Known, and not allowed to. */
export function forbidden(): Refusal {
  return new Refusal(403, 'Access denied');
}

export function notFound(resource: string): Refusal {
  return new Refusal(404, `Resource '${resource}' not found`);
}

/**
 * The error envelope `{code, reason, message}`.
 * @returns the answer, its code equal to its status
 */
export function envelope(world: World, refusal: Refusal): Answer {
  const { fault } = world;
  let status: Code = refusal.code;
  if (fault('bad-input-answered-500') && status === 400) status = 500;
  if (fault('unauthorized-answered-403') && refusal.code === 401) status = 403;
  if (fault('forbidden-answered-401') && refusal.code === 403) status = 401;
  const body: Record<string, unknown> = { code: status, reason: REASONS[status], message: refusal.message };
  if (refusal.detail !== undefined) body['detail'] = refusal.detail;
  if (fault('error-code-differs')) body['code'] = status === 500 ? 400 : 500;
  if (fault('error-code-as-text')) body['code'] = String(status);
  if (fault('error-reason-missing')) delete body['reason'];
  if (fault('error-message-missing')) delete body['message'];
  if (fault('error-in-html'))
    return { status, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(`<h1>Error ${status}</h1>`) };
  const challenge = status === 401 && fault('basic-challenges-browsers');
  return {
    status: fault('error-answered-200') ? 200 : status,
    ...(challenge ? { headers: { 'WWW-Authenticate': 'Basic realm="IDM"' } } : {}),
    body,
  };
}
