import { expect, test } from '@playwright/test';
import type { Delay } from '../../src/contract.ts';
import { Settling } from '../../src/settling.ts';
import type { Came } from '../../src/transport.ts';
import { shortcomings, tellForeign, type Told } from './support/worlds.ts';

test.describe.configure({ mode: 'parallel', timeout: 60_000 });

const WRITE: Delay = { operations: ['write'], within: 0.6 };
const CREATION: Delay = { status: 201, within: 0.6, meanwhile: 404, basis: 'assumed' };

const came = (status: number, body = ''): Came => ({ status, headers: [], body: Buffer.from(body) }) as unknown as Came;

let servers = 0;
/** What was changed on a server of which nothing is known yet. */
function changed(delay: Delay, operation = 'write', status = 201): Settling {
  const settling = new Settling([delay], `server-${servers++}`);
  settling.note(operation, status);
  return settling;
}

/** An answer that changes from one to another after so many times that it is sent. */
function after(times: number, first: Came, then: Came): { send: () => Promise<Came>; sent: () => number } {
  let sent = 0;
  return { send: () => Promise.resolve(++sent >= times ? then : first), sent: () => sent };
}

const isNew = ({ body }: Came): boolean => String(body) === 'new';
const never = (): boolean => false;

test.describe('What a change may take is waited for', () => {
  test('an answer that shows what was there before is asked for again until it shows the change', async () => {
    const { send, sent } = after(2, came(200, 'old'), came(200, 'new'));
    const last = await changed(WRITE).eventually(came(200, 'old'), isNew, send);
    expect([String(last.body), sent()]).toEqual(['new', 2]);
  });

  test('a change that never takes effect is waited for once, and no longer than it may take', async () => {
    const settling = changed(WRITE);
    const { send } = after(Infinity, came(200, 'old'), came(200, 'new'));
    const begun = Date.now();
    const last = await settling.eventually(came(200, 'old'), isNew, send);
    const took = Date.now() - begun;
    expect(String(last.body)).toBe('old');
    expect(took).toBeGreaterThanOrEqual(550);
    expect(took).toBeLessThan(2000);
    settling.note('write', 200);
    await settling.eventually(came(200, 'old'), isNew, send);
    expect(Date.now() - begun - took).toBeLessThan(200);
  });

  test('nothing is sent again when nothing was changed, by a request that was refused, or long ago', async () => {
    const { send, sent } = after(1, came(200, 'old'), came(200, 'new'));
    const settlings = [changed(WRITE, 'read'), changed(WRITE, 'write', 403), changed({ ...WRITE, within: 0 })];
    for (const settling of settlings)
      expect(String((await settling.eventually(came(200, 'old'), isNew, send)).body)).toBe('old');
    expect(sent()).toBe(0);
  });

  test('what can be sent only once waits the whole time, unless the server was seen to be prompt', async () => {
    const settling = changed(WRITE);
    const begun = Date.now();
    await settling.rest();
    expect(Date.now() - begun).toBeGreaterThanOrEqual(550);
    settling.note('write', 200);
    await settling.eventually(came(200, 'new'), isNew, () => Promise.reject(new Error('sent again')));
    settling.note('write', 200);
    const seen = Date.now();
    await settling.rest();
    expect(Date.now() - seen).toBeLessThan(300);
  });

  test('the reference target is never waited for', async () => {
    const settling = new Settling([WRITE, CREATION], undefined);
    settling.note('write', 201);
    const { send, sent } = after(1, came(200, 'old'), came(200, 'new'));
    await settling.eventually(came(200, 'old'), isNew, send);
    await settling.meanwhile(came(404), never, send);
    await settling.rest();
    expect(sent()).toBe(0);
  });

  test('404 after a creation is asked for again, where it is not what is expected, and told with the time it took', async () => {
    const { send, sent } = after(2, came(404), came(200));
    const settled = await changed(CREATION).meanwhile(came(404), never, send);
    expect(settled).toMatchObject({ came: { status: 200 }, late: { delay: CREATION } });
    expect(settled.late?.seconds).toBeGreaterThan(0.2);
    const expected = await changed(CREATION).meanwhile(came(404), () => true, send);
    expect(expected).toEqual({ came: came(404) });
    expect(sent()).toBe(2);
  });

  test('404 that stays after a creation is 404', async () => {
    const { send } = after(Infinity, came(404), came(200));
    expect(await changed(CREATION).meanwhile(came(404), never, send)).toEqual({ came: came(404) });
  });
});

const tell = (product: string, id: string, options: { variants?: string[]; faults?: string[] }): Promise<Told[]> =>
  tellForeign(product, options, (story) => story.id === `${product}/${id}`, true);

const outcomeOf = (told: Told[], id: string): string | undefined =>
  told[0]?.reports.find((report) => report.id === id)?.outcome;

test.describe("A server of somebody's", () => {
  for (const variant of ['idm-configuration-in-effect-later', 'idm-processes-restart-later'])
    for (const id of ['configuration', 'profile-forms', 'run-as'])
      test(`conforms in ${id} where its configuration takes effect late (${variant})`, async () => {
        const told = await tell('pingidm', id, { variants: [variant] });
        expect(shortcomings(told)).toEqual([]);
        expect(told[0]?.reports.flatMap(({ findings }) => findings)).toEqual([]);
      });

  for (const fault of ['configuration-write-lost', 'configuration-late'])
    test(`is found at fault where its configuration never takes effect (${fault})`, async () => {
      expect(outcomeOf(await tell('pingidm', 'profile-forms', { faults: [fault] }), 'login')).toBe('broken');
    });

  test('conforms where what it has created is not found at once, and it is told', async () => {
    const told = await tell('pingone', 'policy', { variants: ['one-created-is-found-later'] });
    const more = await tell('pingone', 'progressive-profiling-action', { variants: ['one-created-is-found-later'] });
    expect(shortcomings([...told, ...more])).toEqual([]);
    const notices = more[0]?.reports.flatMap(({ findings }) => findings) ?? [];
    const late = expect.objectContaining({ expected: 'what was created, at once', grade: 'notice', basis: 'assumed' });
    expect(notices).toContainEqual(late);
  });

  test('is found at fault where what it has created is never found', async () => {
    const told = await tell('pingone', 'progressive-profiling-action', { faults: ['policy-read-fails'] });
    expect(outcomeOf(told, 'policyRead')).toBe('broken');
  });
});
