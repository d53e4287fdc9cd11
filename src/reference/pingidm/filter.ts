import { own } from '../own.ts';
import type { PingidmFault } from './faults.ts';
import { Refusal } from './refusal.ts';

type Attributes = Readonly<Record<string, unknown>>;
type Matches = (attributes: Attributes) => boolean;
type Fault = (name: PingidmFault) => boolean;

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[()!]|[^\s()!"]+)/sy;

/**
 * Reads a query filter: `or` joins what `and` joins, `!` turns one around, and one is a comparison, `name pr`, `true`, `false`
 * or a filter in parentheses. A name is a JSON Pointer whose first slash may be missing.
 * @throws Refusal 400 for any other form
 * Source: crest, query
 */
export function filterOf(filter: string, fault: Fault = () => false): Matches {
  const parser = new Parser(tokensOf(filter.trim()), fault);
  const matches = parser.any();
  if (!parser.ended) throw invalid();
  return matches;
}

function tokensOf(filter: string): string[] {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < filter.length;) {
    const [, token] = TOKEN.exec(filter) ?? [];
    if (token === undefined) throw invalid();
    tokens.push(token);
  }
  return tokens;
}

function invalid(): Refusal {
  return new Refusal(400, 'Invalid query filter');
}

class Parser {
  readonly #tokens: string[];
  readonly #fault: Fault;

  constructor(tokens: string[], fault: Fault) {
    this.#tokens = [...tokens];
    this.#fault = fault;
  }

  get ended(): boolean {
    return this.#tokens.length === 0;
  }

  /** One or more, joined by `or`. */
  any(): Matches {
    let matches = this.#all();
    while (this.#takes('or')) {
      const [left, right] = [matches, this.#all()];
      if (!this.#fault('filter-or-takes-the-first')) matches = (one) => left(one) || right(one);
    }
    return matches;
  }

  #all(): Matches {
    let matches = this.#one();
    while (this.#takes('and')) {
      const [left, right] = [matches, this.#fault('filter-from-right-to-left') ? this.any() : this.#one()];
      matches = this.#fault('filter-and-is-or') ? (one) => left(one) || right(one) : (one) => left(one) && right(one);
    }
    return matches;
  }

  #one(): Matches {
    if (this.#takes('!')) {
      const inner = this.#one();
      return this.#fault('filter-not-ignored') ? inner : (one) => !inner(one);
    }
    if (this.#takes('(')) {
      const inner = this.any();
      if (!this.#takes(')')) throw invalid();
      return inner;
    }
    const pointer = this.#tokens.shift() ?? '';
    if (pointer === 'true') return () => true;
    if (pointer === 'false') return () => this.#fault('filter-false-finds-all');
    const operator = this.#tokens.shift() ?? '';
    if (!/^\/?[A-Za-z_][\w/-]*$/.test(pointer)) throw invalid();
    if (operator === 'pr') return (attributes) => (valueAt(attributes, pointer) ?? null) !== null;
    return this.#comparison(pointer, operator, this.#tokens.shift() ?? '');
  }

  #comparison(pointer: string, operator: string, literal: string): Matches {
    const wanted = valueOf(literal);
    const compare = comparison(this.#fault, operator);
    return (attributes) => {
      const value = valueAt(attributes, pointer);
      if (value === undefined) return this.#fault('filter-of-unknown-attribute-finds-all');
      return [value].flat().some((one) => typeof one === typeof wanted && compare(one as string, wanted as string));
    };
  }

  #takes(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }
}

/** Chosen: letter case counts. */
function comparison(fault: Fault, operator: string): (value: string, wanted: string) => boolean {
  const touch = (value: string, wanted: string): boolean => fault('filter-bounds-included') && value === wanted;
  const inside = (value: string, wanted: string): boolean => fault('filter-co-finds-all') || value.includes(wanted);
  switch (operator) {
    case 'eq':
      if (fault('filter-eq-finds-parts')) return (value, wanted) => String(value).includes(wanted);
      if (fault('filter-eq-takes-wildcards')) return (value, wanted) => like(wanted).test(value);
      return (value, wanted) => value === wanted;
    case 'co':
      return (value, wanted) => typeof value === 'string' && inside(value, wanted);
    case 'sw':
      return (value, wanted) =>
        typeof value === 'string' &&
        (fault('filter-sw-finds-inside') ? value.includes(wanted) : value.startsWith(wanted));
    case 'lt':
      return (value, wanted) => value < wanted || touch(value, wanted);
    case 'le':
      return (value, wanted) => value <= wanted;
    case 'gt':
      return (value, wanted) => value > wanted || touch(value, wanted);
    case 'ge':
      return (value, wanted) => value >= wanted;
    default:
      throw invalid();
  }
}

/** A pattern in which `*` and `%` stand for anything. */
function like(text: string): RegExp {
  const parts = text.split(/[*%]/).map((part) => part.replace(/[^\w\s-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su');
}

function valueOf(literal: string): unknown {
  try {
    const value: unknown = JSON.parse(literal);
    if (['string', 'number', 'boolean'].includes(typeof value)) return value;
  } catch {
    // What is no JSON is no value.
  }
  throw invalid();
}

function valueAt(attributes: Attributes, pointer: string): unknown {
  const steps = pointer.replace(/^\//, '').split('/');
  return steps.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? own(value as Attributes, step) : undefined),
    attributes,
  );
}
