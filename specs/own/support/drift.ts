import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, type JsonObject } from '../../../src/json.ts';
import { redocly } from '../../../src/redocly.ts';
import { harOf } from '../../../src/report/formats/har.ts';
import type { Run } from '../../../src/report/run.ts';
import { readYaml, ROOT } from '../../../src/yaml.ts';
import { copiedContract } from './foreign-contract.ts';

interface Entry {
  comment: string;
  request: { url: string };
  response: { status: number; content: { text?: string } };
}

interface Problem {
  ruleId: string;
  message: string;
  path: string;
  target: string;
  operationId?: string;
}

/** What goes before the paths of requests that must be refused, and before that of the answer that was altered. */
const SPLIT = { refused: '/refused', altered: '/altered' };

/**
 * Has drift read the archive of a run against the contract.
 * @param folder from the project's folder, for what drift reads and writes
 * @returns a line for each problem, and those of one answer that was altered: each of its texts has become a number
 */
export async function drifted(
  folder: string,
  run: Run,
  product: string,
  version: string,
): Promise<{ lines: string[]; altered: string[] }> {
  const contract = copiedContract(`${folder}/${product}`, product, version);
  const { value } = readYaml(contract) as { value: JsonObject };
  const paths = value['paths'] as JsonObject;
  const queries = new Set(Object.keys(paths).flatMap((key) => key.split('?')[1]?.split('&') ?? []));
  const split = Object.entries(paths).flatMap(([key, item]) =>
    ['', ...Object.values(SPLIT)].map((before) => [before + flat(key, queries), item]),
  );
  const write = (file: string, content: object): void => writeFileSync(path.join(ROOT, file), JSON.stringify(content));
  write(contract, { ...value, paths: Object.fromEntries(split) as JsonObject });

  const steps = new Set(
    run.stories.flatMap(({ statements }) => statements.flatMap(({ kind, id }) => (kind === 'step' ? [id] : []))),
  );
  const har = JSON.parse(harOf(run)) as { log: { entries: Entry[] } };
  const [sent, refused] = [true, false].map((step) =>
    har.log.entries.filter(({ comment }) => steps.has(comment) === step),
  ) as [Entry[], Entry[]];
  // What is found several times in an operation is told once, where it came first.
  const entries = [
    ...sent.map((entry) => moved(entry, '', queries)),
    ...refused.map((entry) => moved(entry, SPLIT.refused, queries)),
    moved(altered(sent), SPLIT.altered, queries),
  ];
  write(`${folder}/${product}.har`, { log: { ...har.log, entries } });

  const report = `${folder}/${product}.drift.json`;
  const options = ['--match-mode', 'basepath', '--format', 'json', '--output', report];
  const { output } = await redocly('drift', `${folder}/${product}.har`, '--api', contract, ...options);
  let problems: Problem[];
  try {
    ({ problems } = JSON.parse(readFileSync(path.join(ROOT, report), 'utf8')) as { problems: Problem[] });
  } catch {
    throw new Error(`drift wrote no report:\n${output.slice(0, 4000)}`);
  }
  const found = (before: string): Problem[] => problems.filter((one) => one.path.startsWith(`${before}/`));
  const [refusals, changed] = [found(SPLIT.refused), found(SPLIT.altered)];
  const lines = problems
    .filter((one) => !changed.includes(one))
    .map((one) => lineOf(product, one, refusals.includes(one)));
  return {
    lines: [...new Set(lines)].sort(),
    altered: changed.map((one) => lineOf(product, one, false)),
  };
}

function lineOf(product: string, { ruleId, message, target, operationId }: Problem, refused: boolean): string {
  return `drift ${product} ${operationId ?? '-'} ${refused ? 'refused ' : ''}${target} ${ruleId}: ${message}`;
}

/** The first exchange that was answered with an object, in which each text has become a number. */
function altered(entries: Entry[]): Entry {
  for (const entry of entries) {
    const { status, content } = entry.response;
    const body = status === 200 ? (JSON.parse(content.text ?? 'null') as unknown) : undefined;
    if (!isObject(body)) continue;
    const numbers = Object.entries(body).map(([name, one]) => [name, typeof one === 'string' ? 1 : one]);
    const text = JSON.stringify(Object.fromEntries(numbers));
    return { ...entry, response: { ...entry.response, content: { ...content, text } } };
  }
  throw new Error('no step was answered with an object');
}

/** An exchange at another path, and with the query that makes an operation of its own as a part of it: drift reads none. */
function moved<E extends Entry>(entry: E, before: string, queries: ReadonlySet<string>): E {
  const { origin, pathname, search } = new URL(entry.request.url);
  return { ...entry, request: { ...entry.request, url: origin + before + flat(pathname + search, queries) } };
}

function flat(route: string, queries: ReadonlySet<string>): string {
  const [place = '', query] = route.split('?');
  const all = query?.split('&') ?? [];
  const kept = all.filter((one) => !queries.has(one));
  const parts = all.filter((one) => queries.has(one)).map((one) => `/${one}`);
  return place + parts.join('') + (kept.length > 0 ? `?${kept.join('&')}` : '');
}
