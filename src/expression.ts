import { at, type Json } from './json.ts';
import { mapPrinted, type PrintedText, type Template } from './printed.ts';

/** What a step has sent and got, as far as an expression can look at it. */
export interface Recorded {
  /** The operation that was called. */
  operation?: string;
  request: { path?: string; headers: Record<string, string>; body?: Json | undefined };
  /** `text`: the body as it came, where it is JSON. */
  response: { status: number; headers: Record<string, string>; body?: Json | undefined; text?: string };
}

const form = /^\$([A-Za-z][\w-]*)\.(request|response)\.(body|status|header\.([\w-]+))(?:#(\/.*|))?$/;

/**
 * A runtime expression in the manner of OpenAPI and Arazzo: `$read.response.body#/requirements/attributes`,
 * `$login.request.header.x-user`. Headers by lower-case name.
 */
export function isExpression(text: PrintedText): boolean {
  return form.test(text);
}

/** The id of the step that an expression looks at. */
export function stepOf(expression: string): string | undefined {
  return form.exec(expression)?.[1];
}

/** The pointer that an expression leads on with; empty where it means the whole. */
export function pointerOf(expression: PrintedText): string {
  return form.exec(expression)?.[5] ?? '';
}

/** The value of an expression, or undefined when the step was not run or has no such value. */
export function evaluate(expression: PrintedText, recorded: ReadonlyMap<string, Recorded>): Json | undefined {
  const match = form.exec(expression);
  if (!match) return undefined;
  const [, step = '', side = '', part = '', header, pointer = ''] = match;
  const exchange = recorded.get(step)?.[side as 'request' | 'response'];
  if (!exchange) return undefined;
  if (header !== undefined) return exchange.headers[header.toLowerCase()];
  if (part === 'status') return 'status' in exchange ? exchange.status : undefined;
  return at(exchange.body, pointer);
}

/** The step whose whole answer an expression stands for: `$read.response.body`. */
export function wholeAnswerOf(template: Template | undefined): string | undefined {
  if (typeof template !== 'string') return undefined;
  const [, step, side, part, , pointer = ''] = form.exec(template) ?? [];
  return side === 'response' && part === 'body' && pointer === '' ? step : undefined;
}

/** Every expression in a value. */
export function expressionsIn(value: Template): PrintedText[] {
  const found: PrintedText[] = [];
  mapPrinted(value, (text) => {
    if (isExpression(text)) found.push(text);
    return text;
  });
  return found;
}
