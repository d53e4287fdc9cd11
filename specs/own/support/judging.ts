import { Contract } from '../../../src/contract.ts';
import type { Finding } from '../../../src/finding.ts';
import { judge, type Question } from '../../../src/judge.ts';
import { bind, Names, type NameTable, type Scope } from '../../../src/names.ts';
import type { Json } from '../../../src/json.ts';
import { written, type Written } from './written.ts';
import type { Came } from '../../../src/transport.ts';

export const SHOP = 'specs/own/support/shop.yaml';
let shop: Contract | undefined;

/** The contract of the shop in shop.yaml. */
export function shopContract(): Contract {
  shop ??= new Contract(SHOP);
  return shop;
}

/** An answer: a body as JSON, or as text. */
export function came(status: number, body: Json | Buffer = '', headers: [string, string][] = []): Came {
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === '' ? '' : JSON.stringify(body));
  return {
    status,
    headers: typed || bytes.length === 0 ? headers : [['Content-Type', 'application/json'], ...headers],
    body: bytes,
    ms: 1,
  };
}

/** Names bound to values. */
export function scopeOf(values: Record<string, string>): Scope {
  return Object.entries(values).reduce<Scope>(
    (scope, [name, value]) => bind(scope, { name, value, place: 'given' }),
    new Map(),
  );
}

type Said = Pick<Question, 'expected' | 'statements' | 'excuses'>;
type Asked = Partial<Omit<Question, 'names' | 'operation' | keyof Said>> &
  Partial<Written<Said>> & { names?: NameTable; operation?: string };

/** A question about a book, unless something else is said. */
export function question(asked: Asked): Question {
  const contract = shopContract();
  return {
    step: 'read',
    contract,
    scope: new Map(),
    recorded: new Map(),
    lost: [],
    ...asked,
    ...written<Said>({
      expected: asked.expected ?? {},
      statements: asked.statements ?? [],
      excuses: asked.excuses ?? new Map<string, never>(),
    }),
    names: new Names(asked.names ?? {}),
    operation: contract.operation(asked.operation ?? 'readBook'),
  };
}

/** What is found, as `kind where`. */
export function found(asked: Parameters<typeof question>[0], answer: Came): string[] {
  return findings(asked, answer).map((finding) => `${finding.kind} ${finding.where}`);
}

export function findings(asked: Parameters<typeof question>[0], answer: Came): Finding[] {
  return judge(question(asked), answer).findings;
}
