import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { validateEnvironment } from '../../src/environment.ts';
import { checkDeviations } from '../../src/projects.ts';
import { stories, type Story } from '../../src/sequence.ts';
import { openTarget, targetFiles } from '../../src/target.ts';
import { ROOT } from '../../src/yaml.ts';
import { textOf } from './support/files.ts';
import { shortcomings, tellForeign, type Told } from './support/worlds.ts';

/** What a server may be judged on besides the progressive profile, once its variables are given. */
const ACCOUNTS = [
  'registration',
  'processes-of-ours',
  'password-reset',
  'forgotten-username',
  'security-questions',
  'terms',
  'self-service-tokens',
];

const about =
  (...features: string[]) =>
  (as: Parameters<typeof tellForeign>[4] = {}, variants: string[] = []): Promise<Told[]> =>
    tellForeign('pingidm', { variants }, (story) => needs(story, features), true, as);

function needs({ sequence }: Story, features: string[]): boolean {
  return sequence.requires.length > 0 && sequence.requires.every((feature) => features.includes(feature));
}

const reasons = (told: Told[]): string[] => [
  ...new Set(
    told.flatMap(({ reports }) =>
      reports.flatMap(({ outcome, reason = '' }) => (outcome === 'skipped' ? [reason] : [])),
    ),
  ),
];

const findings = (told: Told[]): string[] =>
  told.flatMap(({ story, reports }) =>
    reports.flatMap((report) => report.findings.map(({ expected }) => `${story.id}#${report.id}: ${expected}`)),
  );

test("every process about accounts is judged on a server of somebody's, by variables alone", async () => {
  const told = await about(...ACCOUNTS)();
  expect(told).toHaveLength(ACCOUNTS.length);
  expect(shortcomings(told)).toEqual([]);
});

test('a variable that is not given skips what needs it, and what follows from that', async () => {
  const variables = { PINGIDM_CAPTCHA_RESPONSE: '', PINGIDM_OUTBOX_URL: '', PINGIDM_ADMIN_USERNAME: '' };
  const told = await about(...ACCOUNTS)({ variables: { ...variables, PINGIDM_ADMIN_PASSWORD: '' } });
  expect(reasons(told).sort()).toEqual([
    'PINGIDM_ADMIN_USERNAME, PINGIDM_ADMIN_PASSWORD are not set',
    'PINGIDM_CAPTCHA_RESPONSE is not set',
    'PINGIDM_OUTBOX_URL is not set',
    'PINGIDM_OUTBOX_URL, PINGIDM_ADMIN_USERNAME, PINGIDM_ADMIN_PASSWORD are not set',
  ]);
  expect(findings(told)).toEqual([]);
});

test('an operation that a target lacks skips its steps, and what follows from them', async () => {
  const told = await about('password-reset', 'registration')({ lacks: { login: 'nobody logs in here' } });
  expect(reasons(told)).toEqual(['PingIDM lacks login: nobody logs in here']);
  expect(findings(told)).toEqual([]);
  const held = told.flatMap(({ reports }) => reports.filter(({ outcome }) => outcome === 'held'));
  expect(held.map(({ id }) => id)).toContain('code');
});

test('the order in which questions are asked is free', async () => {
  expect(shortcomings(await about('security-questions')({}, ['idm-questions-in-another-order']))).toEqual([]);
});

test('a target knows which address it was not given', async () => {
  const idm = { PINGIDM_URL: 'http://localhost:1', PINGIDM_USER_USERNAME: 'anna', PINGIDM_USER_PASSWORD: 'any' };
  const { absent, addresses } = await openTarget('pingidm', validateEnvironment(idm));
  expect(absent).toMatchObject({ 'address.outbox': ['PINGIDM_OUTBOX_URL'] });
  expect(addresses).toEqual({ idm: 'http://localhost:1' });
});

test.describe('The stage engine of OpenIDM', () => {
  const HOST = 'interop/openidm';
  const { names = {}, features, deviations = {} } = targetFiles()['openidm']?.value ?? { features: [] };

  test('deviates from statements that there are, each with a reason that the README tells too', () => {
    expect(() => checkDeviations('openidm')).not.toThrow();
    const told = textOf(`${HOST}/README.md`);
    const ids = Object.keys(deviations).map((key) => key.replace(/^\w+\//, ''));
    expect(
      ids.filter((id) => !/~(without|wrong|cut-short|longer|empty|another):/.test(id) && !told.includes(id)),
    ).toEqual([]);
  });

  test('has the accounts that its target names', () => {
    const accounts = JSON.parse(textOf(`${HOST}/accounts.json`)) as Record<string, string>[];
    const members = { name: 'userName', mail: 'mail', id: '_id', surname: 'sn' };
    const known = Object.entries(names).flatMap(([name, value]) => {
      const [, member = ''] = /^user\.(name|mail|id|surname)\b/.exec(name) ?? [];
      return member === '' ? [] : [{ member: members[member as keyof typeof members], value: String(value) }];
    });
    expect(known.length).toBeGreaterThan(5);
    expect(known.filter(({ member, value }) => !accounts.some((one) => one[member] === value))).toEqual([]);
  });

  test('has each process that its sequences go through', () => {
    const told = stories('pingidm').filter((story) => needs(story, [features].flat()));
    const operations = Object.keys(targetFiles()['openidm']?.value.lacks ?? {});
    const used = told
      .flatMap((story) => story.sequence.steps)
      .filter((step) => !operations.includes(step.operation) && step.session === undefined)
      .flatMap((step) => /selfservice\/(\w+)/.exec(step.request.url)?.[1] ?? []);
    const processes = readdirSync(path.join(ROOT, HOST, 'processes')).map((file) => file.replace('.json', ''));
    expect([...new Set(used)].sort()).toEqual(processes.sort());
  });
});
