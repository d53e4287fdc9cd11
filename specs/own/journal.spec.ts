import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { hiddenValues } from '../../src/environment.ts';
import { lives, self, type Owner } from '../../src/journal/alive.ts';
import { cleanCommand } from '../../src/journal/command.ts';
import { Journal, readJournals, type Entry } from '../../src/journal/journal.ts';
import { alone } from '../../src/journal/lock.ts';
import { openTarget } from '../../src/target.ts';
import { seen, teller, watched } from './support/killed.ts';
import { broken, tellSafely } from './support/safely.ts';
import { test as base } from './support/server.ts';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'journal-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const DEAD: Owner = { ...self(), pid: spawnSync(process.execPath, ['--version']).pid };
const ENTRY: Entry = {
  story: 'pingone/policy',
  version: 'v1',
  setUps: [],
  step: 'policy',
  names: {},
  answers: {},
  markers: ['conformance-none'],
  fresh: ['conformance-none'],
};
const journals = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.jsonl'));

/** The journals in the folder are those of a process that has died. */
function bury(folder: string): void {
  for (const file of journals(folder).map((name) => path.join(folder, name)))
    writeFileSync(file, readFileSync(file, 'utf8').replace(`"pid":${process.pid}`, `"pid":${DEAD.pid}`));
}

async function clean(folder: string, environment: Record<string, string>): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const code = await cleanCommand([], (text) => said.push(text), environment, folder);
  return { code, said: said.join('\n') };
}

test('a process lives as long as it runs, and another one of the same number is another one', ({}, info) => {
  const file = info.outputPath('file');
  writeFileSync(file, '');
  expect(lives(self(), file)).toBe(true);
  expect(lives(DEAD, file)).toBe(false);
  expect(lives({ ...self(), started: `${self().started}0` }, file)).toBe(false);
});

test('a process of another machine lives as long as it touches its file', ({}, info) => {
  const file = info.outputPath('file');
  writeFileSync(file, '');
  expect(lives({ ...self(), host: 'elsewhere' }, file)).toBe(true);
  utimesSync(file, new Date(0), new Date(0));
  expect(lives({ ...self(), host: 'elsewhere' }, file)).toBe(false);
});

test('one at a time has the lock, also after a dead process has left it', async ({ folder }) => {
  writeFileSync(path.join(folder, 'name.lock'), JSON.stringify(DEAD));
  // One that had died while it was taking that lock away.
  writeFileSync(path.join(folder, `name.lock.${DEAD.pid}.${DEAD.started}.0`), JSON.stringify(DEAD));
  let inside = 0;
  const most = await Promise.all(
    Array.from({ length: 8 }, () =>
      alone(folder, 'name', async () => {
        const now = ++inside;
        await sleep(5);
        inside--;
        return now;
      }),
    ),
  );
  expect(most).toEqual(Array.from({ length: 8 }, () => 1));
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock is given back after a failure too', async ({ folder }) => {
  await expect(alone(folder, 'name', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual([]);
});

test('a journal says what is not undone yet, and tolerates lines that were cut short', ({ folder }) => {
  const journal = new Journal({ target: 'mine', server: 'abc', addresses: {} }, folder);
  const [first, second] = [journal.open(ENTRY), journal.open({ ...ENTRY, step: 'login' })];
  journal.found(second, 'id-2');
  journal.close(first);
  const file = path.join(folder, journals(folder)[0] ?? '');
  appendFileSync(file, '\n{"open":3,"story":"pingo');
  journal.open({ ...ENTRY, step: 'third' });
  appendFileSync(file, '\n{"close":');
  expect(readJournals(folder)).toMatchObject([
    { header: { target: 'mine', process: self() }, open: [{ step: 'login', id: 'id-2' }, { step: 'third' }] },
  ]);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a journal whose every entry is undone goes, and one that was never written is not there', ({ folder }) => {
  new Journal({ target: 'mine', server: 'abc', addresses: {} }, folder).end();
  const journal = new Journal({ target: 'mine', server: 'abc', addresses: {} }, folder);
  journal.close(journal.open(ENTRY));
  journal.end();
  expect(readdirSync(folder)).toEqual([]);
});

test('no secret stands in a journal', async ({ folder }) => {
  for (const [product, story] of [
    ['pingidm', 'pingidm/profile-forms'],
    ['pingone', 'pingone/default-policy'],
  ] as const) {
    const world = await watched(product);
    // Nothing can be taken away any more, so the journal stays.
    const told = await tellSafely(story, product, world.environment, folder);
    world.shutAt(Math.floor(world.count() * 0.6), 'after', () => undefined);
    expect(broken(told)).toEqual([]);
    expect(broken(await tellSafely(story, product, world.environment, folder))).not.toEqual([]);
    const text = journals(folder)
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('');
    expect(readJournals(folder)[0]?.open.length).toBeGreaterThan(1);
    const given = hiddenValues(world.environment).secrets;
    expect(given.filter((secret) => secret !== 'anonymous' && text.includes(`"${secret}"`))).toEqual([]);
    expect(text).not.toMatch(/bearer|Passw0rd|Pw-[0-9a-f]/i);
    await world.close();
  }
});

test('what was created is found at the end of the story though its answer never came', async ({ folder }) => {
  const world = await watched('pingone');
  const before = await seen('pingone', world);
  let turnedAway = 0;
  // Token and environment are asked for, the story gets its token, and the fourth request creates the policy.
  world.shutAt(4, 'after', () => {
    turnedAway++;
    world.shutAt(Infinity, 'after', () => undefined);
  });
  expect(broken(await tellSafely('pingone/policy', 'pingone', world.environment, folder)).join()).toContain('policy');
  expect(turnedAway).toBe(1);
  expect(await seen('pingone', world)).toEqual(before);
  expect(journals(folder)).toEqual([]);
  await world.close();
});

test('a server is set up as documented, and configured afterwards as it was, or not at all', async ({ folder }) => {
  const world = await watched('pingidm');
  const headers = {
    'X-OpenIDM-Username': world.environment['PINGIDM_ADMIN_USERNAME'] ?? '',
    'X-OpenIDM-Password': world.environment['PINGIDM_ADMIN_PASSWORD'] ?? '',
    'Content-Type': 'application/json',
  };
  const config = async (method: string, file: string, body?: object): Promise<void> => {
    await fetch(`${world.origin}/openidm/config/${file}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
  };
  await config('DELETE', 'selfservice/profile');
  await config('PUT', 'auth.profile', { profileEnhancementProcesses: [], authorizationRole: 'internal/role/other' });
  await config('PUT', 'managed', {
    objects: [{ name: 'user', meta: { property: '_meta', trackedProperties: ['createDate'] } }, { name: 'role' }],
  });
  const before = await seen('pingidm', world);
  expect(before).toContain(404);
  const { PINGIDM_PROVISION: _, ...unset } = world.environment;
  expect(broken(await tellSafely('pingidm/progressive-profile', 'pingidm', unset, folder)).join()).toContain(
    'nothing is due',
  );
  const reports = await tellSafely('pingidm/progressive-profile', 'pingidm', world.environment, folder);
  expect(broken(reports)).toEqual([]);
  expect(reports).toContainEqual(expect.objectContaining({ id: 'track', outcome: 'held' }));
  expect(await seen('pingidm', world)).toEqual(before);
  await world.close();
});

for (const story of ['pingidm/password-reset', 'pingidm/security-questions'])
  test(`${story} puts the users that it is lent back, and sets no password that nobody could put back`, async ({
    folder,
  }) => {
    const world = await watched('pingidm');
    const PINGIDM_FEATURES = 'password-reset,security-questions';
    const variables = { ...world.environment, PINGIDM_FEATURES };
    const before = await seen('pingidm', world);
    // The second time needs the old password, and questions that nobody has answered.
    for (const time of ['once', 'again'])
      expect({ time, problems: broken(await tellSafely(story, 'pingidm', variables, folder)) }).toEqual({
        time,
        problems: [],
      });
    expect(await seen('pingidm', world)).toEqual(before);

    const lent = Object.entries(variables).filter(([name]) => !name.startsWith('PINGIDM_ADMIN_'));
    const reports = await tellSafely(story, 'pingidm', Object.fromEntries(lent), folder);
    expect(reports).toContainEqual(
      expect.objectContaining({ id: 'reset', outcome: 'skipped', reason: expect.stringContaining('PINGIDM_ADMIN_') }),
    );
    await world.close();
  });

test('two runs at once that configure the same server do not disturb each other', async ({ folder }) => {
  test.setTimeout(120_000);
  const world = await watched('pingidm');
  const before = await seen('pingidm', world);
  const runs = ['pingidm/progressive-profile', 'pingidm/profile-forms'].map((story) =>
    teller(folder, 'pingidm', story, world.environment),
  );
  const ends = await Promise.all(runs.map((run) => once(run, 'exit')));
  expect(ends).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(await seen('pingidm', world)).toEqual(before);
  await world.close();
});

test('what a run that is under way creates is left alone', async ({ folder }) => {
  const world = await watched('pingone');
  const target = await openTarget('pingone', world.environment);
  new Journal({ target: 'pingone', server: target.server, addresses: target.addresses }, folder).open(ENTRY);
  expect(await clean(folder, world.environment)).toEqual({ code: 0, said: '1 under way: left alone' });
  expect(journals(folder)).toHaveLength(1);
  await world.close();
});

test('clean keeps the journal of a server that is no longer there, and says why', async ({ folder }) => {
  const world = await watched('pingone');
  const { server, addresses } = await openTarget('pingone', world.environment);
  new Journal({ target: 'pingone', server, addresses }, folder).open(ENTRY);
  bury(folder);
  const elsewhere = { ...world.environment, PINGONE_ENVIRONMENT_ID: 'another' };
  expect(await clean(folder, elsewhere)).toMatchObject({
    code: 1,
    said: expect.stringMatching(/left: the settings name another server now/),
  });
  expect(await clean(folder, {})).toMatchObject({
    code: 1,
    said: expect.stringMatching(/left: the target 'pingone' is not configured/),
  });
  await world.close();
  const { code, said } = await clean(folder, world.environment);
  expect(code).toBe(1);
  expect(said).toMatch(
    /0 undone, 0 gone already, 1 left\n.*nothing answers at this address.*\n.*npm run clean tries again/,
  );
  expect(journals(folder)).toHaveLength(1);
});

test('clean says what was gone already, and then that there is nothing', async ({ folder }) => {
  const world = await watched('pingone');
  const { server, addresses } = await openTarget('pingone', world.environment);
  new Journal({ target: 'pingone', server, addresses }, folder).open(ENTRY);
  bury(folder);
  expect(await clean(folder, world.environment)).toMatchObject({
    code: 0,
    said: expect.stringMatching(/0 undone, 1 gone already, 0 left/),
  });
  expect(await clean(folder, world.environment)).toEqual({ code: 0, said: 'there is nothing to clean up' });
  await world.close();
});
