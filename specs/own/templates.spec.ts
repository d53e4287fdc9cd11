import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { secretVariables, variables } from '../../src/environment.ts';
import { ROOT } from '../../src/yaml.ts';
import { filesUnder, textOf } from './support/files.ts';
import { JUDGING, templates } from './support/templates.ts';

const CLEAN = 'npm run -s clean';

test('each template is known, judges in shards that are merged, and cleans up after them', () => {
  expect(
    templates()
      .map(({ file }) => file)
      .sort(),
  ).toEqual(filesUnder('ci').sort());
  for (const { file, commands } of templates())
    // These are run by the spec of shards, all but the one that cleans up.
    expect({ file, commands: commands.filter((command) => !/^(npm ci|cat) ?/.test(command)) }).toEqual({
      file,
      commands: [...JUDGING.slice(0, -1), CLEAN, ...JUDGING.slice(-1)],
    });
});

test('templates clean up after a run that was cancelled too', () => {
  expect(textOf('ci/github.yml')).toMatch(RegExp(`- if: \\$\\{\\{ always\\(\\) \\}\\}.*\n +run: ${CLEAN}\n`));
  expect(textOf('ci/gitlab.yml')).toMatch(RegExp(`after_script:.*\n +- ${CLEAN}\n`));
  expect(textOf('ci/Jenkinsfile')).toMatch(RegExp(`catchInterruptions: false.*\n.* finally \\{ sh '${CLEAN}' \\}`));
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
