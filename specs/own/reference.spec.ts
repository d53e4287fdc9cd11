import { request } from 'node:http';
import { expect, test } from '@playwright/test';
import { start, type Reference } from '../../src/reference/index.ts';

const ADMIN = { 'X-OpenIDM-Username': 'openidm-admin', 'X-OpenIDM-Password': 'openidm-admin' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
/** What every object has from birth, and what changes its kind. */
const INBORN = [...Object.getOwnPropertyNames(Object.prototype), '__proto__'];

let world: Reference;
let origin: string;

test.beforeAll(async () => {
  world = await start({ product: 'pingidm', version: '7.5' });
  origin = world.variables['PINGIDM_URL'] ?? '';
});

test.afterAll(() => world.close());

async function sent(path: string, init: RequestInit = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${origin}${path}`, { ...init, headers: { ...ADMIN, ...JSON_TYPE, ...init.headers } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const patch = (id: unknown, operations: object[]): ReturnType<typeof sent> =>
  sent(`/openidm/managed/user/${String(id)}`, { method: 'PATCH', body: JSON.stringify(operations) });

test('nothing is found by a name that every object has from birth', async () => {
  for (const name of INBORN) {
    for (const place of ['config', 'config/selfservice', 'managed/user', 'selfservice', 'info', 'policy', 'schema'])
      expect(`${name} ${place} ${(await sent(`/openidm/${place}/${name}`)).status}`).toBe(`${name} ${place} 404`);
    const found = await sent(`/openidm/managed/user?_queryFilter=${encodeURIComponent(`${name} pr`)}`);
    expect(`${name} ${String(found.body['resultCount'])}`).toBe(`${name} 0`);
  }
});

test('an attribute may have such a name, and changes nothing else', async () => {
  const mail = 'own@example.com';
  const { body } = await sent('/openidm/managed/user?_action=create', {
    method: 'POST',
    body: JSON.stringify({ userName: 'own', givenName: 'O', sn: 'N', mail }),
  });
  for (const name of INBORN.filter((one) => one !== '__proto__')) {
    const changed = await patch(body['_id'], [{ operation: 'replace', field: `/${name}`, value: 'mine' }]);
    expect(`${name} ${changed.status} ${String(Object.getOwnPropertyDescriptor(changed.body, name)?.value)}`).toBe(
      `${name} 200 mine`,
    );
  }
  const polluted = '[{"operation":"add","field":"/__proto__","value":{"polluted":true}}]';
  await sent(`/openidm/managed/user/${String(body['_id'])}`, { method: 'PATCH', body: polluted });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

for (const [product, path] of [
  ['PingIDM', '/openidm/managed/user?_action=create'],
  ['PingOne', '/v1/environments/1/signOnPolicies'],
] as const)
  test(`${product} takes a body of one mebibyte, and refuses one that is longer without keeping it`, async () => {
    const long = (length: number): RequestInit => ({ method: 'POST', body: 'x'.repeat(length) });
    expect((await sent(path, long(1024 * 1024))).status).not.toBe(413);
    const refused = await sent(path, long(1024 * 1024 + 1));
    expect(refused.status).toBe(413);
    expect(typeof refused.body['message']).toBe('string');
    const before = process.memoryUsage().rss;
    expect(await flood(path, 200)).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

/** Sends so many mebibytes, piece by piece, and tells the status. */
async function flood(path: string, mebibytes: number): Promise<number | undefined> {
  const piece = Buffer.alloc(1024 * 1024);
  return new Promise((resolve, reject) => {
    const going = request(`${origin}${path}`, { method: 'POST', headers: { ...ADMIN, ...JSON_TYPE } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    going.on('error', reject);
    const write = (left: number): void => {
      if (left === 0) going.end();
      else going.write(piece, () => write(left - 1));
    };
    write(mebibytes);
  });
}
