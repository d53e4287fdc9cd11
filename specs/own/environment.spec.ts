import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { hiddenValues, readEnvironment, validateEnvironment } from '../../src/environment.ts';
import { SuiteError } from '../../src/errors.ts';
import { environmentOfRun } from '../../src/replay.ts';

const idm = { PINGIDM_URL: 'https://idm.example.com', PINGIDM_USER_USERNAME: 'anna', PINGIDM_USER_PASSWORD: 'any' };
const one = { PINGONE_ENVIRONMENT_ID: 'e', PINGONE_CLIENT_ID: 'c', PINGONE_CLIENT_SECRET: 'any' };

function problems(values: Record<string, string>): string[] {
  try {
    validateEnvironment(values);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(SuiteError);
    return (error as Error).message.split('\n');
  }
}

test('what is complete is valid, and defaults are filled in', () => {
  expect(problems({ ...idm, ...one })).toEqual([]);
  expect(validateEnvironment({ ...idm, REQUEST_TIMEOUT: '2.5' })).toMatchObject({
    PINGIDM_VERSION: '7.5',
    REQUEST_TIMEOUT: '2.5',
    ALLOW_WRITES: 'false',
  });
});

test('everything that is missing or malformed is told in one list, with what it is for and an example', () => {
  const list = problems({ PINGIDM_URL: 'idm.example.com', STRICT: 'yes', REQUEST_TIMEOUT: '0', PINGONE_REGION: 'us' });
  expect(list[0]).toMatch(/^the configuration has \d problems/);
  for (const told of [
    'PINGIDM_URL is malformed',
    'PINGIDM_ADMIN_USERNAME is missing, but PINGIDM_URL is set',
    'PINGIDM_ADMIN_PASSWORD is missing, but PINGIDM_URL is set',
    'STRICT must be one of "true", "false"',
    'REQUEST_TIMEOUT is malformed',
    'PINGONE_REGION must be one of',
    'PINGONE_ENVIRONMENT_ID is missing, but PINGONE_REGION is set',
  ])
    expect(
      list.filter((line) => line.startsWith(`  ${told}`)),
      told,
    ).toHaveLength(1);
  const after = list.slice(1).filter((_, index) => index % 2 === 1);
  for (const line of after) expect(line).toMatch(/^ {6}\S.*; for example: [A-Z_]+=\S/);
});

test('a variable of a product without its address is told', () => {
  expect(problems({ PINGIDM_ADMIN_USERNAME: 'a', PINGIDM_ADMIN_PASSWORD: 'b' }).join()).toContain(
    'PINGIDM_URL is missing',
  );
  expect(problems({ PINGONE_API_URL: 'https://a' }).join()).toContain('PINGONE_ENVIRONMENT_ID is missing');
});

test('a server needs an administrator; a user whose profile is due does for one that is not set up', () => {
  const { PINGIDM_URL } = idm;
  const admin = { PINGIDM_ADMIN_USERNAME: 'a', PINGIDM_ADMIN_PASSWORD: 'b' };
  expect(problems({ PINGIDM_URL, PINGIDM_PROVISION: 'true', ...admin })).toEqual([]);
  expect(problems({ ...idm, PINGIDM_PROVISION: 'true' }).join()).toMatch(
    /PINGIDM_ADMIN_USERNAME is missing.*PINGIDM_ADMIN_PASSWORD is missing/s,
  );
  expect(problems({ ...idm, PINGIDM_PROVISION: 'false' })).toEqual([]);
  expect(problems({ PINGIDM_URL, ...admin })).toEqual([]);
  expect(problems(idm)).toEqual([]);
  expect(problems({ PINGIDM_URL }).join()).toContain('PINGIDM_ADMIN_USERNAME is missing');
  expect(problems({ PINGIDM_PROVISION: 'true' }).join()).toContain('PINGIDM_URL is missing');
});

for (const [name, url] of [
  ['PINGIDM_URL', 'https://idm.example.com/openidm'],
  ['PINGIDM_URL', 'https://idm.example.com/prefix/openidm/'],
  ['PINGONE_API_URL', 'https://api.example.com/v1'],
  ['PINGONE_AUTH_URL', 'https://auth.example.com/v1/'],
  ['PINGIDM_URL', 'https://idm.example.com/?a=1'],
  ['PINGIDM_URL', 'ftp://idm.example.com'],
  ['PINGIDM_URL', 'https://anna:word@idm.example.com'],
] as const)
  test(`${name} does not take ${url}`, () => {
    const list = problems({ ...idm, ...one, [name]: url }).join('\n');
    expect(list).toContain(`${name} is malformed`);
    expect(list).not.toContain('word@');
  });

for (const url of [
  'http://localhost:8080',
  'https://h/',
  'https://h/am/prefix',
  'https://h/openidm2',
  'http://[::1]:1',
])
  test(`PINGIDM_URL takes ${url}`, () => {
    expect(problems({ ...idm, PINGIDM_URL: url })).toEqual([]);
  });

test('values that have to be a JSON object are told when they are none, and are not shown', () => {
  for (const text of ['{city: Hamar}', '["Hamar"]', 'Hamar']) {
    const list = problems({ ...idm, PINGIDM_PROFILE_VALUES: text }).join('\n');
    expect(list).toContain('PINGIDM_PROFILE_VALUES is not');
    expect(list).not.toContain(text);
  }
});

test('.env is read, the process environment wins, and empty or strange variables are not there', ({}, info) => {
  const file = info.outputPath('.env');
  writeFileSync(file, 'STRICT=true # yes\nMAX_RPS=\nUNKNOWN=1\nUNDOCUMENTED="fail"\n');
  process.env['UNDOCUMENTED'] = 'report';
  const read = readEnvironment(file);
  delete process.env['UNDOCUMENTED'];
  expect(read).toEqual({ STRICT: 'true', UNDOCUMENTED: 'report' });
  expect(readEnvironment(info.outputPath('missing'))).toEqual({});
  expect(() => readEnvironment(info.outputPath())).toThrow('.env cannot be read');
});

test('these specs read neither .env nor the variables of targets', () => {
  expect(environmentOfRun()).toEqual(validateEnvironment({}));
  expect(Object.keys(process.env).filter((name) => /^(PING|OPENIDM|TARGET$)/.test(name))).toEqual([]);
});

test('what is missing is told once, however many other variables want it', () => {
  const { PINGIDM_URL: _, ...others } = { ...idm, PINGIDM_MANAGED_OBJECT: 'managed/user', PINGIDM_VERSION: '7.5' };
  const list = problems(others);
  expect(list[0]).toMatch(/^the configuration has a problem/);
  expect(list.filter((line) => line.includes('PINGIDM_URL is missing'))).toEqual([
    expect.stringMatching(/but PINGIDM_\w+ and 3 more are set$/),
  ]);
});

test('passwords, secrets and tokens count as secrets, and what is about a person as personal', () => {
  const values = {
    PINGIDM_USER_PASSWORD: 'one',
    PINGONE_CLIENT_SECRET: 'two',
    PINGIDM_PROFILE_VALUES: '{"city":"four","more":{"street":"five"}}',
    PINGIDM_VERSION: '7.5',
  };
  expect(hiddenValues(values)).toEqual({
    secrets: ['one', 'two'],
    personal: expect.arrayContaining(['four', 'five']) as string[],
  });
});
