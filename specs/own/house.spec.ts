import { builtinModules } from 'node:module';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { Contract } from '../../src/contract.ts';
import { ROOTS } from './support/contracts.ts';
import { filesUnder, textOf } from './support/files.ts';

const engine = filesUnder('src', '.ts').filter((file) => !file.startsWith('src/reference/'));
const reference = filesUnder('src/reference', '.ts');
const places = (files: string[], pattern: RegExp): string[] =>
  files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );

test('the reference target imports nothing but itself and node', () => {
  const strangers = reference.flatMap((file) =>
    ts
      .preProcessFile(textOf(file))
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) =>
        name.startsWith('.')
          ? !path.posix.join(path.posix.dirname(file), name).startsWith('src/reference/')
          : !builtinModules.includes(name.replace(/^node:/, '')),
      )
      .map((name) => `${file}: ${name}`),
  );
  expect(strangers).toEqual([]);
  expect(reference.length).toBeGreaterThan(5);
});

test('the reference target reads no file, and so no contract and no sequence', () => {
  expect(
    places(reference, /node:(fs|module|vm|child_process)|\b(require|getBuiltinModule)\(|\bfixtures\/|\bcontracts\//),
  ).toEqual([]);
});

test('the engine imports nothing of the reference target', () => {
  expect(places(engine, /(from|import\()\s*['"].*reference/)).toEqual([]);
});

test('the engine names no vendor', () => {
  const names = ['pingidm', 'pingone', 'openidm', 'signOnPolic', 'conditionaluser', 'selfservice', 'forgerock'];
  expect(places(engine, new RegExp(names.join('|'), 'i'))).toEqual([]);
});

test('the engine names no path of a contract', () => {
  const routes = ROOTS.flatMap((root) =>
    [...new Contract(root).operations.values()].map((operation) => operation.path),
  );
  const parts = routes.flatMap((route) => route.split(/\{\w+\}/)).map((part) => part.replace(/^\/|\/$/g, ''));
  const long = [...new Set(parts)].filter((part) => /[/=]/.test(part));
  expect(long.length).toBeGreaterThan(3);
  expect(
    engine.flatMap((file) => long.filter((part) => textOf(file).includes(part)).map((part) => `${file}: ${part}`)),
  ).toEqual([]);
});

test('no file leads out of the project, to a machine or to a registry', () => {
  const roots = ['home', 'root', 'tmp', 'Users', 'work', 'mnt', 'var', 'private'].join('|');
  const abroad = [
    String.raw`\.\./shared/(pages|facts|design|interop)`,
    String.raw`(?<![\w.)}*-])/(${roots})/[\w.-]`,
    String.raw`\b[A-Z]:\\\w`,
    ['registry', 'npmjs'].join('\\.'),
    ['artifact', 'ory'].join(''),
    String.raw`^\s*registry\s*=`,
  ].join('|');
  expect(places(filesUnder(), new RegExp(abroad))).toEqual([]);
});

test('the lock file names no registry, and says by a digest what each package holds', () => {
  expect(textOf('package-lock.json')).not.toContain('"resolved"');
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { integrity?: string }> };
  const without = Object.entries(packages).filter(
    ([name, one]) => name !== '' && !(one.integrity ?? '').startsWith('sha512-'),
  );
  expect(without.map(([name]) => name)).toEqual([]);
});

test('no file of src or specs is longer than 600 lines', () => {
  const long = [...filesUnder('src'), ...filesUnder('specs')].filter((file) => textOf(file).split('\n').length > 601);
  expect(long).toEqual([]);
});

test('titles of specs are sentences without "should"', () => {
  const titles = filesUnder('specs', '.spec.ts').flatMap((file) =>
    [...textOf(file).matchAll(/^\s*test\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gms)].map((match) => match[2] ?? ''),
  );
  expect(titles.length).toBeGreaterThan(20);
  expect(
    titles.filter((title) => /\bshould\b/i.test(title.replaceAll('"', '')) && !title.includes('without "should"')),
  ).toEqual([]);
});
