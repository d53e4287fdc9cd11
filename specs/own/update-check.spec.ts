import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { updateCheck } from '../../src/report/update-check.ts';
import { start } from '../../src/reference/index.ts';
import { ROOT } from '../../src/yaml.ts';

test.describe.configure({ timeout: 240_000 });

/** The command in a process of its own, while the servers of this one answer. */
async function run(
  variables: Record<string, string>,
  ...words: string[]
): Promise<{ code: unknown; said: string; stdout: string }> {
  const tsx = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const env = { PATH: process.env['PATH'], PROVE: 'none', ...variables };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsx, 'src/report/command.ts', 'update-check', ...words],
      { cwd: ROOT, env, maxBuffer: 50_000_000 },
      (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, said: stdout + stderr, stdout });
      },
    );
  });
}

test('an upgrade is verified in one command: both servers are judged, and what differs is rated', async () => {
  const [before, after] = [await start(), await start({ faults: ['end-tag-wrong'] })];
  try {
    const at = (one: typeof before): string => `pingidm@${one.variables['PINGIDM_URL'] ?? ''}`;
    const given = Object.entries(before.variables).filter(([name]) => name.startsWith('PINGIDM_'));
    // One story shows the difference: the others need not be told.
    const asked = { ...Object.fromEntries(given), PINGIDM_FEATURES: 'progressive-profile' };
    const { code, said } = await run(asked, '--before', at(before), '--after', at(after));
    expect(said).toContain('breaking: constant-changed: progressive-profile#submit /tag: "end" →');
    expect(said).not.toContain(before.variables['PINGIDM_USER_PASSWORD'] ?? '-');
    expect(code).toBe(1);
  } finally {
    await before.close();
    await after.close();
  }
});

test('servers that are not there are told as such, without an address in the settings, and stdout stays clean', async () => {
  const credentials = { PINGIDM_USER_USERNAME: 'anna', PINGIDM_USER_PASSWORD: 'any-Passw0rd' };
  const world = await start();
  const there = `pingidm@${world.variables['PINGIDM_URL'] ?? ''}`;
  try {
    for (const before of ['pingidm@http://127.0.0.1:1', there])
      expect(
        await run(credentials, '--before', before, '--after', 'pingidm@http://127.0.0.1:2', '--format', 'json'),
      ).toMatchObject({ code: 3, stdout: '', said: expect.stringContaining('could not be reached') });
  } finally {
    await world.close();
  }
});

test('with --format json stdout is JSON and nothing else', async () => {
  // A user whose profile is due is due once, so each side is a server of its own, with mails of its own.
  const [before, after] = [await start(), await start()];
  const at = (one: typeof before): string => `pingidm@${one.variables['PINGIDM_URL'] ?? ''}`;
  const given = Object.entries(before.variables).filter(([name]) => /^PINGIDM_(?!URL$|OUTBOX)/.test(name));
  const asked = { ...Object.fromEntries(given), PINGIDM_FEATURES: 'session' };
  try {
    const { code, stdout } = await run(asked, '--before', at(before), '--after', at(after), '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ differences: [] });
    expect(code).toBe(0);
  } finally {
    await before.close();
    await after.close();
  }
});

test('two servers are needed, and each must be one that can be judged', async () => {
  expect(await run({})).toMatchObject({ code: 2, said: expect.stringContaining('two servers are needed') });
  const check =
    (...words: string[]) =>
    () =>
      updateCheck(words, () => undefined);
  expect(check('--before', 'pingidn', '--after', 'pingidm')).toThrow("did you mean 'pingidm'?");
  expect(check('--before', 'pingone@http://localhost', '--after', 'pingone')).toThrow('does not take an address');
  expect(check('--before', 'pingidm@localhost', '--after', 'pingidm')).toThrow('is no address');
});
