import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, type Json, type JsonObject } from '../../../src/json.ts';
import { once, readYaml, ROOT } from '../../../src/yaml.ts';
import { filesUnder } from './files.ts';

/**
 * Copies the contracts for tools that take what stands beside a `$ref` in place of what it refers to: there it becomes one of
 * `allOf`, which says the same.
 * @param folder from the project's folder
 * @returns the copy of the root document of a contract, from the project's folder
 */
export function copiedContract(folder: string, product: string, version: string): string {
  for (const [file, text] of texts()) {
    const copy = path.join(ROOT, folder, file);
    mkdirSync(path.dirname(copy), { recursive: true });
    writeFileSync(copy, text);
  }
  return `${folder}/contracts/${product}/${version}.yaml`;
}

const texts = once(() =>
  filesUnder('contracts', '.yaml').map((file) => [file, JSON.stringify(apart(readYaml(file).value))] as const),
);

function apart(value: Json): Json {
  if (Array.isArray(value)) return value.map(apart);
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, one]): [string, Json] => [name, apart(one)]);
  const { $ref, ...rest }: JsonObject = Object.fromEntries(members);
  if ($ref === undefined) return rest;
  if (Object.keys(rest).length === 0 || typeof $ref !== 'string') return { ...rest, $ref };
  const all = Array.isArray(rest['allOf']) ? rest['allOf'] : [];
  return { ...rest, allOf: [...all, { $ref }] };
}
