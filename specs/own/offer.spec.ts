import { expect } from '@playwright/test';
import { contractOf } from '../../src/contract.ts';
import { validateEnvironment } from '../../src/environment.ts';
import { offerOf } from '../../src/offer.ts';
import { Redactor } from '../../src/redact.ts';
import { documentOf } from '../../src/report/document.ts';
import { markdownOf } from '../../src/report/markdown.ts';
import { untold } from '../../src/report/told.ts';
import { stories } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { Transport } from '../../src/transport.ts';
import { test as base } from './support/server.ts';

type Skipped = Parameters<typeof offerOf>[1];
interface Asked {
  skipped?: Skipped;
  features?: string;
  target?: string;
}

const NOT_ASKED = { reason: 'not asked for', partial: false };

/** What a server that answers everything with one status is found to offer, and the requests that it got. */
const test = base.extend<{
  asked: (
    sequence: string,
    status: number,
    how?: Asked,
  ) => Promise<{ offer: Awaited<ReturnType<typeof offerOf>>; got: string[] }>;
}>({
  asked: async ({ serve }, use) => {
    await use(async (sequence, status, { skipped, features, target: id = 'pingidm' } = {}) => {
      const got: string[] = [];
      const origin = await serve((request, response) => {
        got.push(`${request.method ?? ''} ${request.url ?? ''}`);
        response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
      });
      const story = stories('pingidm').find((one) => one.id === `pingidm/${sequence}`);
      if (!story) throw new Error(`there is no sequence ${sequence}`);
      const variables = { PINGIDM_URL: origin, PINGIDM_USER_USERNAME: 'u', PINGIDM_USER_PASSWORD: 'p' };
      const asking = { ...variables, ...(features === undefined ? {} : { PINGIDM_FEATURES: features }) };
      const target = await openTarget(id, validateEnvironment(asking));
      const transport = new Transport({ timeout: 20 });
      const [version = ''] = Object.keys(story.versions);
      const stage = {
        story,
        version,
        target,
        contract: contractOf('pingidm', version),
        transport,
        redactor: new Redactor(),
      };
      try {
        return { offer: await offerOf(stage, skipped), got };
      } finally {
        await transport.close();
        await target.close();
      }
    });
  },
});

test('a feature whose end is announced is one violation where it is gone, with the page that announces it', async ({
  asked,
}) => {
  const { offer, got } = await asked('progressive-profile', 404);
  expect(got).toEqual(['GET /openidm/selfservice/profile']);
  expect(offer).toMatchObject({ broken: { id: 'read', outcome: 'broken', findings: [{ grade: 'violation' }] } });
  expect(JSON.stringify(offer)).toContain('deprecated since 7.4');
  expect(JSON.stringify(offer)).toContain('profile-rest-flow.html');
});

test('a feature that the operator lists and the server has not is one violation', async ({ asked }) => {
  const { offer } = await asked('progressive-profile', 404, { features: 'progressive-profile,session' });
  expect(offer).toMatchObject({ broken: { id: 'read', outcome: 'broken', findings: [{ grade: 'violation' }] } });
  expect(JSON.stringify(offer)).toContain('deprecated since 7.4');
});

test('a feature without an announcement is one violation too', async ({ asked }) => {
  const { offer } = await asked('registration', 404, { features: 'registration,outbox' });
  expect(offer).toMatchObject({ broken: { findings: [{ expected: 'registration, which PingIDM is asked for' }] } });
});

test('a feature that nobody asks for is named as offered or not', async ({ asked }) => {
  const without = await asked('registration', 404, { skipped: NOT_ASKED });
  expect(without.offer).toEqual({
    skipped: {
      reason: 'not asked for; GET /openidm/selfservice/registration answers 404, so it is not offered',
      partial: false,
    },
  });
  const { offer } = await asked('registration', 200, { skipped: NOT_ASKED });
  expect(JSON.stringify(offer)).toContain('answers 200, so it is offered');
  expect((await asked('registration', 500, { skipped: NOT_ASKED })).offer).toBeUndefined();
});

test('a server that has the feature, or fails otherwise, is told the story', async ({ asked }) => {
  for (const status of [200, 401, 403, 500])
    expect((await asked('progressive-profile', status)).offer, String(status)).toBeUndefined();
  expect((await asked('managed-users', 404, { features: 'managed-users' })).got).toEqual([]);
});

test('a world of our own is not asked ahead', async ({ asked }) => {
  const { offer, got } = await asked('progressive-profile', 404, { target: 'reference' });
  expect([offer, got]).toEqual([undefined, []]);
});

test('a report shows what pages announce', async () => {
  const story = stories('pingidm').find((one) => one.id === 'pingidm/progressive-profile');
  const target = await openTarget('pingidm', validateEnvironment({}));
  const result = untold(story!, '7.5', target);
  const document = documentOf([{ ...result, skipped: { reason: 'gone', partial: true } }]);
  expect(document.verdict).toBe('partial');
  expect(document.announced.flatMap(({ features }) => features)).toContain('progressive-profile');
  expect(markdownOf(document, [])).toMatch(/## Announced\n\n- progressive profiling is deprecated since 7\.4/);
});
