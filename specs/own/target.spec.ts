import { expect, test } from '@playwright/test';
import { validateEnvironment } from '../../src/environment.ts';
import { checkDeviations, targetProject } from '../../src/projects.ts';
import { isLoopback } from '../../src/loopback.ts';
import { choose, openTarget, targetFiles } from '../../src/target.ts';

const idm = { PINGIDM_URL: 'https://idm.example.com/am/', PINGIDM_USER_USERNAME: 'anna', PINGIDM_USER_PASSWORD: 'any' };
const one = { PINGONE_ENVIRONMENT_ID: 'e-1', PINGONE_CLIENT_ID: 'c-1', PINGONE_CLIENT_SECRET: 'any' };

test('with nothing configured the reference target is judged', () => {
  expect(choose(validateEnvironment({}), undefined)).toEqual(['reference']);
});

test('what is configured is judged instead', () => {
  expect(choose(validateEnvironment(idm), undefined)).toEqual(['pingidm']);
  expect(choose(validateEnvironment({ ...idm, ...one }), undefined)).toEqual(['pingidm', 'pingone']);
});

test('targets are chosen by name', () => {
  expect(choose(validateEnvironment(idm), 'reference, pingidm')).toEqual(['reference', 'pingidm']);
});

test('an unknown target is told with the nearest name and all there are', () => {
  expect(() => choose({}, 'pingidn')).toThrow(
    /no target 'pingidn' \(did you mean 'pingidm'\?\).*pingidm, pingone, reference/,
  );
});

test('a target that is not configured is told with the variable that configures it', () => {
  expect(() => choose({}, 'pingone')).toThrow(/PINGONE_ENVIRONMENT_ID.*\.env/);
});

test('a target reads its addresses and names from the variables, and knows which were not given', async () => {
  const target = await openTarget('pingidm', validateEnvironment({ ...idm, REQUEST_TIMEOUT: '3', STRICT: 'true' }));
  expect(target).toMatchObject({
    ours: false,
    addresses: { idm: 'https://idm.example.com/am' },
    serves: [{ product: 'pingidm', version: '7.5' }],
    features: [],
    others: true,
    timeout: 3,
    strict: true,
    allowWrites: false,
  });
  expect(target.names).toMatchObject({ 'user.name': 'anna', 'anonymous.name': 'anonymous' });
  expect(target.absent).toMatchObject({ 'admin.name': ['PINGIDM_ADMIN_USERNAME'] });
  expect(target.secrets).toContain('any');
});

test('of a list of values the first that is given is taken', async () => {
  const european = await openTarget('pingone', validateEnvironment({ ...one, PINGONE_REGION: 'eu' }));
  expect(european.addresses).toEqual({ api: 'https://api.pingone.eu', auth: 'https://auth.pingone.eu' });
  const named = await openTarget('pingone', validateEnvironment({ ...one, PINGONE_API_URL: 'http://localhost:1/' }));
  expect(named.addresses).toMatchObject({ api: 'http://localhost:1', auth: 'https://auth.pingone.com' });
});

test('the reference target starts a world of its own for each that opens it, and is judged strictly', async () => {
  const [first, second] = [await openTarget('reference', {}), await openTarget('reference', {})];
  await Promise.all([first.close(), second.close()]);
  expect(first).toMatchObject({ ours: true, strict: true });
  expect(Object.values(first.addresses).every(isLoopback)).toBe(true);
  expect(first.addresses).not.toEqual(second.addresses);
});

test("a target's project tells the stories of the versions it serves, and of no other", () => {
  const told = (id: string, environment: Record<string, string>, tag: string): boolean =>
    (targetProject(id, environment).grep as RegExp).test(`pingidm.spec.ts a story ${tag}`);
  const environment = { ...idm, PINGIDM_VERSION: '7.3.1' };
  expect(
    ['@pingidm-7.3.1', '@pingidm-7.5', '@pingidm-7.3', '@pingone-v1'].map((tag) => told('pingidm', environment, tag)),
  ).toEqual([true, false, false, false]);
  expect(
    ['@pingidm-7.3.1', '@pingidm-7.5', '@pingone-v1', '@pingone-v10'].map((tag) => told('reference', {}, tag)),
  ).toEqual([true, true, true, false]);
});

test('only addresses of this machine are loopback', () => {
  for (const address of ['http://localhost:1', 'http://127.0.0.1', 'https://[::1]:2', 'http://idm.localhost'])
    expect(isLoopback(address), address).toBe(true);
  for (const address of ['http://localhost.example.com', 'http://10.0.0.1', 'http://127.example.com', 'http://[::2]'])
    expect(isLoopback(address), address).toBe(false);
});

test('a deviation that names no sequence or statement is told with its line and the nearest one', () => {
  const files = targetFiles();
  const told = (key: string): string => {
    const deviations = { [key]: { because: 'known', seen: '2026-11-22' } };
    const yaml = { ...files['pingidm'], value: { ...files['pingidm']?.value, deviations }, line: () => 7 };
    try {
      checkDeviations('odd', { odd: yaml as (typeof files)[string] });
      return '';
    } catch (error) {
      return String(error);
    }
  };
  expect(told('pingidm/progressive-profile#submit')).toBe('');
  expect(told('pingidm/progressive-profile#submit~wrong-password')).toBe('');
  expect(told('pingidm/progressive-profil#submit')).toMatch(
    /^SuiteError: .*:7: .*did you mean 'pingidm\/progressive-profile'\?/,
  );
  expect(told('pingidm/progressive-profile#submitt')).toMatch(/:7: .*did you mean 'submit'\?/);
});
