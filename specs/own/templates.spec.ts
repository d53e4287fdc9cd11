import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { secretVariables, variables } from '../../src/environment.ts';
import { ROOT } from '../../src/yaml.ts';
import { filesUnder, textOf } from './support/files.ts';
import { JUDGING, templates } from './support/templates.ts';

test('each template is known, and judges in shards that are merged', () => {
  expect(
    templates()
      .map(({ file }) => file)
      .sort(),
  ).toEqual(filesUnder('ci').sort());
  for (const { file, commands } of templates())
    // These are run by the spec of shards.
    expect({ file, commands: commands.filter((command) => command.startsWith('npx')) }).toEqual({
      file,
      commands: JUDGING,
    });
});

test('templates name only scripts, files and variables that there are', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  const made = ['blob-report', 'conformance-report'];
  for (const { file, commands } of templates()) {
    const words = commands.flatMap((command) => command.split(' '));
    const names = words.filter((word) => /^\.?[\w-]*\//.test(word) && !made.includes(word.split('/')[0] ?? ''));
    expect(
      names.filter((name) => !/^\d/.test(name) && !existsSync(path.join(ROOT, name))),
      file,
    ).toEqual([]);
    const run = commands.flatMap((command) => /npm run (?:-s )?([\w:-]+)/.exec(command)?.[1] ?? []);
    expect(
      run.filter((name) => !(name in scripts)),
      file,
    ).toEqual([]);
    const read = textOf(file).match(/\b(?:PING|ALLOW|TLS)[A-Z]*_[A-Z_]+\b/g) ?? [];
    expect(
      read.filter((name) => !(name in variables())),
      file,
    ).toEqual([]);
    expect(read).toContain('PINGIDM_USER_PASSWORD');
  }
});

test('templates take secrets from the store of the CI, and no other variable', () => {
  const given = [...textOf('ci/github.yml').matchAll(/(\w+): \$\{\{ (vars|secrets)\.(\w+) \}\}/g)];
  expect(given.length).toBeGreaterThan(5);
  for (const [, name, store, from] of given)
    expect([name, store, from]).toEqual([name, secretVariables().includes(name ?? '') ? 'secrets' : 'vars', name]);
  const passwords = [...textOf('ci/Jenkinsfile').matchAll(/passwordVariable: '(\w+)'/g)].map(([, name]) => name ?? '');
  expect(passwords.filter((name) => !secretVariables().includes(name))).toEqual([]);
  const masked = /mask ([^.]*)\./.exec(textOf('ci/gitlab.yml'))?.[1] ?? '';
  for (const name of passwords) expect(masked).toContain(name);
});
