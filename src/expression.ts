import { at, mapStrings, type Json } from './json.ts';

/** What a step has sent and got, as far as an expression can look at it. */
export interface Recorded {
  request: { path?: string; headers: Record<string, string>; body?: Json | undefined };
  response: { status: number; headers: Record<string, string>; body?: Json | undefined };
}

const form = /^\$([A-Za-z][\w-]*)\.(request|response)\.(body|status|header\.([\w-]+))(?:#(\/.*|))?$/;

/**
 * A runtime expression in the manner of OpenAPI and Arazzo: `$read.response.body#/requirements/attributes`,
 * `$login.request.header.x-user`. Headers by lower-case name.
 */
export function isExpression(text: string): boolean {
  return form.test(text);
}

/** The id of the step that an expression looks at. */
export function stepOf(expression: string): string | undefined {
  return form.exec(expression)?.[1];
}

/** The value of an expression, or undefined when the step was not run or has no such value. */
export function evaluate(expression: string, recorded: ReadonlyMap<string, Recorded>): Json | undefined {
  const match = form.exec(expression);
  if (!match) return undefined;
  const [, step = '', side = '', part = '', header, pointer = ''] = match;
  const exchange = recorded.get(step)?.[side as 'request' | 'response'];
  if (!exchange) return undefined;
  if (header !== undefined) return exchange.headers[header.toLowerCase()];
  if (part === 'status') return 'status' in exchange ? exchange.status : undefined;
  return at(exchange.body, pointer);
}

/**
 * A value (often a JSON Schema) with each expression in it replaced by its value.
 * @returns the value, and the expressions that have none
 */
export function resolve(value: Json, recorded: ReadonlyMap<string, Recorded>): { value: Json; missing: string[] } {
  const missing: string[] = [];
  const resolved = mapStrings(value, (text) => {
    if (!isExpression(text)) return text;
    const found = evaluate(text, recorded);
    if (found === undefined) missing.push(text);
    return found ?? null;
  });
  return { value: resolved, missing };
}

/** Every expression in a value. */
export function expressionsIn(value: Json): string[] {
  const found: string[] = [];
  mapStrings(value, (text) => {
    if (isExpression(text)) found.push(text);
    return text;
  });
  return found;
}
