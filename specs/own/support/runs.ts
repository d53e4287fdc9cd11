import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Evidence } from '../../../src/evidence.ts';
import type { Conformance } from '../../../src/report/document.ts';
import type { Run, ToldStatement, ToldStory } from '../../../src/report/run.ts';
import { asShown, type Plain } from './plain.ts';
import { ROOT } from '../../../src/yaml.ts';

const PAGE = 'pingidm-7.5/profile-rest-flow';

/** A request and its answer, as a report keeps them. */
export const exchange = asShown<Evidence>({
  operation: 'readVersion',
  at: Date.UTC(2026, 0, 1),
  request: {
    method: 'POST',
    url: 'http://127.0.0.1:1/a?b=c&d',
    headers: ['Accept: */*', 'Content-Type: text/plain'],
    text: 'hello',
  },
  answer: {
    status: 200,
    ms: 1.5,
    headers: ['Content-Type: application/json', 'Set-Cookie: a=•••'],
    json: { id: 'x', more: [1] },
  },
});

/** A statement that held. */
export function statement(change: Partial<Plain<ToldStatement>> = {}): ToldStatement {
  return asShown<ToldStatement>({
    id: 'shop#read',
    kind: 'step',
    says: 'a thing is read',
    page: PAGE,
    basis: 'documented',
    outcome: 'held',
    findings: [],
    also: [],
    place: 'fixtures/sequences/shop.yaml:7',
    url: 'https://docs.example.com/shop',
    evidence: [exchange],
    ...change,
  });
}

/** A run in which these statements were told, by so many stories. */
export function runOf(statements: ToldStatement[], stories = 1): Run {
  const size = Math.ceil(statements.length / stories);
  const told = Array.from({ length: stories }, (_, index): ToldStory => ({
    id: `pingidm/shop-${index}`,
    product: 'pingidm',
    version: '7.5',
    title: `A shop (${index})`,
    statements: statements.slice(index * size, (index + 1) * size),
  }));
  const count = (grade: string): number =>
    statements.flatMap((one) => one.findings).filter((one) => one.grade === grade).length;
  const document: Conformance = {
    format: 1,
    suite: (JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }).version,
    target: { id: 'shop', name: 'A shop' },
    policy: { strict: false, undocumented: 'report' },
    verdict: count('violation') > 0 ? 'violates' : 'conforms',
    counts: {
      held: { documented: statements.length, standard: 0, recorded: 0, assumed: 0 },
      found: {
        violation: count('violation'),
        'not testable': count('not testable'),
        notice: count('notice'),
        undocumented: count('undocumented'),
        tolerated: count('tolerated'),
      },
    },
    stories: told,
    announced: [],
    sentences: statements.map(({ id, page, says, basis, outcome }) => ({
      ...{ id, page, says, basis, checks: [id] },
      outcome: outcome === 'not applicable' ? 'not told' : outcome,
    })),
    coverage: [{ product: 'pingidm', version: '7.5', says: [], named: 10, seen: 9, never: ['readVersion'] }],
  };
  return { document, stories: told, proofs: [] };
}
