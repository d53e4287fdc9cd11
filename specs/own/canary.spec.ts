import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { doctorCommand } from '../../src/doctor/command.ts';
import { validateEnvironment } from '../../src/environment.ts';
import { cleanCommand } from '../../src/journal/command.ts';
import { compareCommand } from '../../src/report/compare.ts';
import { storyOf } from '../../src/sequence.ts';
import { ROOT } from '../../src/yaml.ts';
import { MARKS, PLANTED } from './support/canaries.ts';
import { FORMS, scan, zipOf } from './support/canary-scan.ts';
import { parrot, type Parrot } from './support/canary-server.ts';
import { tellSafely } from './support/safely.ts';

const CLI = path.join(ROOT, 'node_modules/@playwright/test/cli.js');
const REPORTER = path.join(ROOT, 'src/reporter.ts');
const TITLES = ['pingidm/progressive-profile', 'pingone/token'].map((id) => storyOf(id).sequence.title).join('|');

const test = base.extend<{
  server: Parrot;
  folder: string;
  run: (name: string, words: string[], more?: object) => Promise<string>;
}>({
  server: async ({}, use) => {
    const server = await parrot();
    await use(server);
    await server.close();
  },
  folder: async ({}, use, info) => {
    mkdirSync(info.outputPath('scanned'), { recursive: true });
    await use(info.outputPath('scanned'));
  },
  // Everything that it says and writes goes to the folder.
  run: async ({ server, folder }, use) => {
    await use(async (name, words, more) => {
      const out = (file: string): string => path.join(folder, name, file);
      const env = {
        ...{
          PATH: process.env['PATH'],
          ...server.variables,
          REQUEST_TIMEOUT: '1',
          PROVE: 'none',
          UNDOCUMENTED: 'fail',
        },
        PLAYWRIGHT_HTML_OUTPUT_DIR: out('html'),
        PLAYWRIGHT_BLOB_OUTPUT_DIR: out('blob'),
        PLAYWRIGHT_JSON_OUTPUT_FILE: out('report.json'),
        PLAYWRIGHT_JUNIT_OUTPUT_FILE: out('report.xml'),
        PLAYWRIGHT_HTML_OPEN: 'never',
        ...more,
      };
      const child = spawn(process.execPath, [CLI, ...words], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stdout.on('data', (text) => (said += String(text)));
      child.stderr.on('data', (text) => (said += String(text)));
      await once(child, 'close');
      mkdirSync(out('.'), { recursive: true });
      writeFileSync(out('said.txt'), said);
      return said;
    });
  },
});

/** Moves what a run has reported of targets out of the project. */
function collect(folder: string, targets: string[]): void {
  const from = path.join(ROOT, 'conformance-report');
  mkdirSync(folder, { recursive: true });
  for (const file of existsSync(from) ? readdirSync(from) : [])
    if (targets.includes(file.split('.')[0] ?? '')) renameSync(path.join(from, file), path.join(folder, file));
}

test('no secret is in any output of a run in which everything fails', async ({ server, folder, run }) => {
  test.setTimeout(240_000);
  const at = (mood: string, origin = server.origin): string => `canary-${mood}=pingidm@${origin}/${mood}`;
  const targets = [
    ...[`canary-echo=pingidm@${server.origin}`, at('rude'), at('slow')],
    ...[at('tls', server.origin.replace('http:', 'https:')), at('refused', 'http://127.0.0.1:1')],
    'canary-one=pingone',
  ];
  const TARGET = targets.join(',');
  const reporters = `list,line,json,junit,html,blob,${REPORTER}`;
  const names = targets.map((one) => one.split('=')[0] ?? '');
  for (const shard of ['1', '2']) {
    const words = [
      'test',
      '-g',
      TITLES,
      `--shard=${shard}/2`,
      `--retries=${Number(shard) - 1}`,
      '--trace=on',
      `--reporter=${reporters}`,
    ];
    const said = await run(shard, [...words, '--output', path.join(folder, shard, 'of-tests')], { TARGET });
    expect(said).toMatch(/[1-6] failed/);
    expect(said).toContain('•••');
    collect(path.join(folder, shard, 'conformance'), names);
    cpSync(path.join(folder, shard, 'blob'), path.join(folder, 'blobs'), { recursive: true });
  }
  await run('merged', ['merge-reports', `--reporter=html,json,${REPORTER}`, path.join(folder, 'blobs')]);
  collect(path.join(folder, 'merged', 'conformance'), names);
  const all = ['1', '2'].map((shard) => readFileSync(path.join(folder, shard, 'said.txt'), 'utf8')).join('');
  for (const how of ['no whole answer within 1 s', 'nothing answers at this address', 'does not speak TLS'])
    expect(all).toContain(how);
  expect([...server.heard].sort()).toEqual(expect.arrayContaining(['cookie', 'password', 'personal', 'secret']));
  expect(existsSync(path.join(folder, 'merged/conformance/canary-rude.html'))).toBe(true);
  const compared = ['text', 'markdown', 'html', 'json'].map((format) => {
    const files = ['echo', 'rude'].map((one) => path.join(folder, `merged/conformance/canary-${one}.json`));
    let said = '';
    compareCommand([...files, '--format', format], (text) => (said += text));
    return said;
  });
  writeFileSync(path.join(folder, 'compared.txt'), compared.join('\n'));
  expect(compared[0]).toContain('breaking');
  expect(scan(folder, MARKS).slice(0, 20)).toEqual([]);
});

test('no secret is told of a configuration that is refused', async ({ folder, run }) => {
  const password = PLANTED['PINGIDM_USER_PASSWORD'] ?? '';
  const wrong = [
    { PINGIDM_PROFILE_VALUES: `{"telephoneNumber": ${password}` },
    { TARGET: `one=pingidm@https://user:${encodeURIComponent(password)}@localhost` },
    { PINGIDM_URL: `https://user:${encodeURIComponent(password)}@localhost` },
  ];
  for (const [index, variables] of wrong.entries())
    expect(await run(String(index), ['test', '--list'], variables)).not.toContain('Total');
  expect(scan(folder, MARKS).slice(0, 20)).toEqual([]);
});

test('no secret is told by doctor or clean, and none is in a journal', async ({ server, folder }) => {
  const journal = path.join(folder, 'journal');
  let at = 0;
  server.onRequest(() => {
    if (existsSync(journal))
      for (const one of readdirSync(journal).filter((name) => name.endsWith('.jsonl')))
        cpSync(path.join(journal, one), path.join(folder, `journal-${at++ % 20}`, one));
  });
  const variables = { ...server.variables, PINGIDM_PROVISION: 'true', REQUEST_TIMEOUT: '1' };
  const environment = validateEnvironment(variables);
  const rude = validateEnvironment({ ...variables, PINGIDM_URL: `${server.origin}/rude` });
  const said: string[] = [];
  const print = (text: string): number => said.push(text);
  await tellSafely('pingidm/progressive-profile', 'pingidm', environment, journal);
  expect(readdirSync(folder).join()).toContain('journal-1');
  for (const one of [environment, rude]) await doctorCommand(['--target', 'pingidm,pingone'], print, one);
  await doctorCommand(['--dry-run', '--target', 'pingidm'], print, environment);
  const [dead = ''] = readdirSync(path.join(folder, 'journal-0'));
  const file = path.join(folder, 'journal-0', dead);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"started":"\d+"/, '"started":"1"'));
  for (const words of [['--list'], []]) await cleanCommand(words, print, environment, path.join(folder, 'journal-0'));
  writeFileSync(path.join(folder, 'said.txt'), said.join('\n'));
  expect(said.join('\n')).toMatch(/it answers as PingIDM does[^]*to undo[^]*undone/);
  expect(scan(folder, MARKS).slice(0, 20)).toEqual([]);
});

test('the scan finds a canary in each form, and in each kind of container', ({ folder }) => {
  const hard = { secret: `${MARKS.secret}/"+&<%` };
  for (const [form, make] of Object.entries(FORMS)) {
    const text = Buffer.from(`some ${make(hard.secret)} more`);
    const containers: Record<string, Buffer> = {
      'plain.txt': text,
      'one.zip': zipOf('a.txt', text),
      'nested.zip': zipOf('b.zip', zipOf('a.txt', text)),
      'page.html': Buffer.from(
        `<template>data:application/zip;base64,${zipOf('a.txt', text).toString('base64')}</template>`,
      ),
      'report.json': Buffer.from(`{"body": "${text.toString('base64')}"}`),
    };
    for (const [file, bytes] of Object.entries(containers)) {
      writeFileSync(path.join(folder, file), bytes);
      expect(scan(folder, hard).join(), `${form}, ${file}`).toContain(`${file}`);
      writeFileSync(path.join(folder, file), '');
    }
  }
});
