import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../src/yaml.ts';

const LEFT_OUT = [
  'node_modules',
  '.git',
  'test-results',
  'playwright-report',
  'blob-report',
  'conformance-docs',
  'conformance-journal',
  'target',
  '.env',
];

/** Files under a folder of the project, as paths from the project's folder with forward slashes, sorted. */
export function filesUnder(folder = '', extension = ''): string[] {
  return readdirSync(path.join(ROOT, folder))
    .sort()
    .flatMap((entry) => {
      const name = folder === '' ? entry : `${folder}/${entry}`;
      if (LEFT_OUT.includes(entry)) return [];
      if (statSync(path.join(ROOT, name)).isDirectory()) return filesUnder(name, extension);
      return name.endsWith(extension) ? [name] : [];
    });
}

/** The text of a file of the project. */
export function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
