import { expect } from '@playwright/test';
import { doctorCommand } from '../../src/doctor/command.ts';
import { validateEnvironment } from '../../src/environment.ts';
import { start } from '../../src/reference/index.ts';
import { storyOf } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { Transport } from '../../src/transport.ts';
import { Redactor } from '../../src/redact.ts';
import { tellInto, untold } from '../../src/report/told.ts';
import { test } from './support/server.ts';

/** What the command says, and its exit code, against a world of our own with some variables changed. */
async function run(changed: Record<string, string>, ...words: string[]): Promise<{ code: number; said: string }> {
  const world = await start();
  const said: string[] = [];
  try {
    const environment = validateEnvironment({ ...world.variables, ...changed });
    const code = await doctorCommand(words, (text) => said.push(text), environment);
    return { code, said: said.join('\n') };
  } finally {
    await world.close();
  }
}

test('a server that can be judged is well in every respect', async () => {
  const { code, said } = await run({});
  expect(code).toBe(0);
  expect(said).toContain('✓ it has the version that it is held to');
  expect(said).toContain('✓ the worker application may read sign-on policies');
  expect(said).not.toContain('✗');
});

for (const [what, changed, told, code] of [
  [
    'a wrong password',
    { PINGIDM_ANONYMOUS_PASSWORD: 'wrong' },
    /refused \(401\): check .*PINGIDM_ANONYMOUS_PASSWORD/,
    1,
  ],
  [
    'a wrong client secret',
    { PINGONE_CLIENT_SECRET: 'wrong-secret' },
    /refused \(401\): check .*PINGONE_CLIENT_SECRET/,
    1,
  ],
  ['a wrong version', { PINGIDM_VERSION: '7.3.1' }, /it says 7\.5, and it is held to 7\.3\.1: set PINGIDM_VERSION/, 1],
  ['a wrong environment', { PINGONE_ENVIRONMENT_ID: '11111111-2222-4333-8444-555555555555' }, /check PINGONE_/, 1],
  ['no server', { PINGIDM_URL: 'http://127.0.0.1:1' }, /nothing answers at this address .*is the port right/, 3],
  ['an unknown host', { PINGIDM_URL: 'http://nobody.invalid' }, /host name nobody\.invalid is not known/, 3],
] as const)
  test(`${what} is told, with what to do`, async () => {
    const found = await run(changed);
    expect(found.said).toMatch(told);
    expect(found.code).toBe(code);
    expect(found.said).not.toContain('wrong-secret');
  });

test('a wrong path is told, with what to do', async () => {
  const world = await start();
  const said: string[] = [];
  const environment = validateEnvironment({
    ...world.variables,
    PINGIDM_URL: `${world.variables['PINGIDM_URL'] ?? ''}/admin`,
  });
  try {
    expect(await doctorCommand(['--target', 'pingidm'], (text) => said.push(text), environment)).toBe(1);
  } finally {
    await world.close();
  }
  expect(said.join('\n')).toContain('it answers 404: is this the address of PingIDM, without /openidm?');
});

for (const status of [401, 403])
  test(`a server that answers ${status} and wants a bearer token is told, by the doctor and by a run`, async ({
    serve,
  }) => {
    const PINGIDM_URL = await serve((_, response) => {
      response.writeHead(status, { 'WWW-Authenticate': 'Bearer realm="am"', 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ code: status, reason: 'Unauthorized' }));
    });
    expect((await run({ PINGIDM_URL }, '--target', 'pingidm')).said).toContain('it wants a bearer token');

    const login = { PINGIDM_USER_USERNAME: 'bjensen', PINGIDM_USER_PASSWORD: 'Passw0rd' };
    const target = await openTarget('pingidm', validateEnvironment({ PINGIDM_URL, ...login, ALLOW_WRITES: 'true' }));
    const story = storyOf('pingidm/progressive-profile');
    const transport = new Transport(target);
    const result = untold(story, '7.5', target);
    await tellInto(result, story, target, transport, new Redactor());
    await transport.close();
    const reasons = result.steps.flatMap(({ outcome, reason }) => (outcome === 'not testable' ? [reason ?? ''] : []));
    expect(reasons.join()).toContain('it wants a bearer token');
    expect(result.steps.filter(({ outcome }) => outcome === 'broken')).toEqual([]);
  });

test('a bearer token that is refused is not mistaken for that', async ({ serve }) => {
  const PINGONE_API_URL = await serve((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end('{}');
  });
  const { said } = await run({ PINGONE_API_URL }, '--target', 'pingone');
  expect(said).toContain('refused (401)');
  expect(said).not.toContain('it wants a bearer token');
});

test('a dry run lists what would be sent and written, and sends nothing', async () => {
  const { code, said } = await run(
    { PINGIDM_URL: 'https://idm.example.com' },
    '--dry-run',
    '--target',
    'pingidm,pingone',
  );
  expect(code).toBe(0);
  expect(said).toContain('not told, for this sequence writes');
  expect(said).toMatch(/POST {3}\/v1\/environments\/\S+\/signOnPolicies {2}\[creates or changes; undone at the end\]/);
  expect(said).toContain('requests that must be refused');
});

test('the command explains itself', async () => {
  expect((await run({}, '--help')).said).toContain('--dry-run');
});
