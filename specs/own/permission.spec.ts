import { expect } from '@playwright/test';
import { validateEnvironment } from '../../src/environment.ts';
import { whySkipped } from '../../src/permission.ts';
import { storyOf } from '../../src/sequence.ts';
import { openTarget, type Target } from '../../src/target.ts';
import { Transport, TransportError, type Came, type Sent } from '../../src/transport.ts';
import { test } from './support/server.ts';

/** Answers in place of a server. */
class Answering extends Transport {
  readonly sent: string[] = [];
  readonly #answer: (path: string) => object | undefined;

  constructor(answer: (path: string) => object | undefined) {
    super({ timeout: 1 });
    this.#answer = answer;
  }

  override send({ method, path }: Sent): Promise<Came> {
    this.sent.push(`${method} ${path}`);
    const body = this.#answer(path);
    if (body === undefined) return Promise.reject(new TransportError('unreachable', 'nothing answers'));
    return Promise.resolve({ status: 200, headers: [], body: Buffer.from(JSON.stringify(body)), ms: 1 });
  }
}

const ofType = (type: unknown) => (path: string) =>
  path.endsWith('/token') ? { access_token: 'a' } : { id: 'e', type };

let servers = 0;

/** An environment that nobody has asked about yet. */
async function environment(more: Record<string, string> = {}): Promise<Target> {
  const given = {
    PINGONE_ENVIRONMENT_ID: `e-${++servers}`,
    PINGONE_CLIENT_ID: 'c',
    PINGONE_CLIENT_SECRET: 's',
    ...more,
  };
  return openTarget('pingone', validateEnvironment(given));
}

const WRITES = { ALLOW_WRITES: 'true' };
const story = storyOf('pingone/policy-limits');

test('nothing is written to another machine without permission, and nothing is sent', async () => {
  const transport = new Answering(ofType('SANDBOX'));
  const skipped = await whySkipped(story, await environment(), transport);
  expect(skipped).toMatchObject({ partial: false, reason: expect.stringContaining('ALLOW_WRITES=true') });
  const required = await environment({ PINGONE_FEATURES: 'sign-on-policies' });
  expect(await whySkipped(story, required, transport)).toMatchObject({ partial: true });
  expect(transport.sent).toEqual([]);
});

test('an environment of type PRODUCTION is not written to without an explicit word', async () => {
  const transport = new Answering(ofType('PRODUCTION'));
  expect(await whySkipped(story, await environment(WRITES), transport)).toEqual({
    partial: false,
    reason: 'PingOne is of type PRODUCTION: set ALLOW_PRODUCTION=true to write to it all the same',
  });
  const allowed = await environment({ ...WRITES, ALLOW_PRODUCTION: 'true' });
  expect(await whySkipped(story, allowed, transport)).toBeUndefined();
});

test('an environment on this machine is not written to either once it says that it is in production', async () => {
  const local = { PINGONE_API_URL: 'http://localhost:1', PINGONE_AUTH_URL: 'http://localhost:1' };
  const skipped = await whySkipped(story, await environment(local), new Answering(ofType('PRODUCTION')));
  expect(skipped?.reason).toContain('ALLOW_PRODUCTION=true');
  // A stand-in need not serve environments.
  expect(await whySkipped(story, await environment(local), new Answering(ofType(undefined)))).toBeUndefined();
});

test('an environment of another type is asked once, before anything is written', async () => {
  const transport = new Answering(ofType('SANDBOX'));
  const target = await environment(WRITES);
  expect(await whySkipped(story, target, transport)).toBeUndefined();
  expect(await whySkipped(story, target, transport)).toBeUndefined();
  expect(transport.sent).toEqual([
    expect.stringMatching(/^POST .*token$/),
    expect.stringMatching(/^GET .*environments/),
  ]);
});

for (const [what, answer] of [
  ['does not say its type', ofType(undefined)],
  ['does not answer', () => undefined],
  ['gives no token', () => ({})],
] as const)
  test(`an environment elsewhere that ${what} is not written to`, async () => {
    const skipped = await whySkipped(story, await environment(WRITES), new Answering(answer));
    expect(skipped?.reason).toMatch(/whether PingOne is in production could not be read .*ALLOW_PRODUCTION=true/);
  });

test('what only reads needs no permission', async () => {
  const transport = new Answering(ofType('PRODUCTION'));
  expect(await whySkipped(storyOf('pingone/token'), await environment(), transport)).toBeUndefined();
  expect(transport.sent).toEqual([]);
});

test('a story that changes how the server is configured needs a permission of its own, on this machine too', async () => {
  const idm = {
    PINGIDM_URL: 'http://localhost:1',
    PINGIDM_USER_USERNAME: 'a',
    PINGIDM_USER_PASSWORD: 'b',
    PINGIDM_FEATURES: 'configuration,managed-users',
  };
  const transport = new Answering(() => undefined);
  const open = async (more = {}): Promise<Target> => openTarget('pingidm', validateEnvironment({ ...idm, ...more }));
  const configures = storyOf('pingidm/configuration');
  expect((await whySkipped(configures, await open(), transport))?.reason).toContain('PINGIDM_PROVISION=true');
  expect(await whySkipped(storyOf('pingidm/managed-users'), await open(), transport)).toBeUndefined();
  const allowed = { PINGIDM_PROVISION: 'true', PINGIDM_ADMIN_USERNAME: 'c', PINGIDM_ADMIN_PASSWORD: 'd' };
  expect(await whySkipped(configures, await open(allowed), transport)).toBeUndefined();
});
