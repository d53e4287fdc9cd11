import { expect } from '@playwright/test';
import { contractOf } from '../../src/contract.ts';
import { validateEnvironment } from '../../src/environment.ts';
import { offerOf } from '../../src/offer.ts';
import { Redactor } from '../../src/redact.ts';
import { ours } from '../../src/shown.ts';
import { documentOf } from '../../src/report/document.ts';
import { markdownOf } from '../../src/report/markdown.ts';
import { untold } from '../../src/report/told.ts';
import { stories, storyOf } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { Transport } from '../../src/transport.ts';
import { test as base } from './support/server.ts';

type Skipped = Parameters<typeof offerOf>[1];
interface Asked {
  skipped?: Skipped;
  features?: string;
  target?: string;
  /** What is answered elsewhere than at the path of the sequence. */
  otherwise?: number;
}

/** What a server that answers everything with one status is found to offer, and the requests that it got. */
const test = base.extend<{
  asked: (
    sequence: string,
    status: number,
    how?: Asked,
  ) => Promise<{ offer: Awaited<ReturnType<typeof offerOf>>; got: string[] }>;
}>({
  asked: async ({ serve }, use) => {
    await use(async (id, status, { skipped, features, target: targetId, otherwise = status } = {}) => {
      const got: string[] = [];
      const origin = await serve((request, response) => {
        const { method = '', url = '' } = request;
        got.push(`${method} ${url}`);
        const answered = url.endsWith('/token') ? 200 : /info\/ping|environments\/e$/.test(url) ? otherwise : status;
        response.writeHead(answered, { 'Content-Type': 'application/json' }).end('{"access_token":"a"}');
      });
      const story = storyOf(id);
      const { product } = story;
      const variables: Record<string, string> =
        product === 'pingidm'
          ? { PINGIDM_URL: origin, PINGIDM_ADMIN_USERNAME: 'u', PINGIDM_ADMIN_PASSWORD: 'p' }
          : { PINGONE_API_URL: origin, PINGONE_AUTH_URL: origin, PINGONE_ENVIRONMENT_ID: 'e' };
      if (product === 'pingone') Object.assign(variables, { PINGONE_CLIENT_ID: 'c', PINGONE_CLIENT_SECRET: 's' });
      if (features !== undefined) variables[`${product.toUpperCase()}_FEATURES`] = features;
      const target = await openTarget(targetId ?? product, validateEnvironment(variables));
      const transport = new Transport({ timeout: 20 });
      const [version = ''] = Object.keys(story.versions);
      const contract = contractOf(product, version);
      try {
        const stage = { story, version, target, contract, transport, redactor: new Redactor() };
        return { offer: await offerOf(stage, skipped), got };
      } finally {
        await transport.close();
        await target.close();
      }
    });
  },
});

test('what nobody requires and the server does not offer is skipped, however it says so', async ({ asked }) => {
  for (const status of [400, 404, 405, 410, 501]) {
    const { offer, got } = await asked('pingidm/registration', status);
    expect(got).toEqual(['GET /openidm/selfservice/registration']);
    expect(offer).toEqual({
      skipped: {
        reason: `registration is not offered: GET /openidm/selfservice/registration answers ${status}`,
        partial: false,
      },
    });
  }
});

test('credentials that may do something else are right, and what they may not do is not offered', async ({ asked }) => {
  for (const status of [302, 401, 403])
    for (const id of ['pingidm/registration', 'pingone/policy', 'pingone/application-and-user']) {
      const { offer } = await asked(id, status, { otherwise: 200 });
      expect(JSON.stringify(offer), `${id} ${status}`).toContain(`answers ${status}`);
      expect((await asked(id, status)).offer, `${id}, with wrong credentials, ${status}`).toBeUndefined();
    }
});

test('a server that has the feature, or fails, is told the story', async ({ asked }) => {
  for (const status of [200, 500, 502, 503])
    expect((await asked('pingidm/progressive-profile', status)).offer, String(status)).toBeUndefined();
});

test('a feature that is required and not offered is one violation, with the page that announces its end', async ({
  asked,
}) => {
  for (const status of [400, 404, 405, 501]) {
    const { offer } = await asked('pingidm/progressive-profile', status, { features: 'progressive-profile,session' });
    expect(offer).toMatchObject({ broken: { id: 'read', outcome: 'broken', findings: [{ grade: 'violation' }] } });
    expect(JSON.stringify(offer)).toContain('deprecated since 7.4');
    expect(JSON.stringify(offer)).toContain('profile-rest-flow.html');
  }
  const { offer } = await asked('pingidm/registration', 404, { features: 'registration,outbox' });
  expect(offer).toMatchObject({ broken: { findings: [{ expected: 'registration, which PingIDM is asked for' }] } });
  const users = await asked('pingone/application-and-user', 403, { features: 'users', otherwise: 200 });
  expect(users.offer).toMatchObject({ broken: { outcome: 'broken', findings: [{ grade: 'violation' }] } });
});

test('a feature whose end is announced is skipped with the page that announces it', async ({ asked }) => {
  const { offer } = await asked('pingidm/progressive-profile', 404);
  expect(JSON.stringify(offer)).toMatch(/skipped.*deprecated since 7\.4/);
});

test('what the settings do not allow is skipped, and not testable where it is required; nothing is sent', async ({
  asked,
}) => {
  const skipped = { reason: 'this sequence writes: set ALLOW_WRITES=true', partial: false };
  expect(await asked('pingidm/registration', 200, { skipped })).toEqual({ offer: { skipped }, got: [] });
  const { offer, got } = await asked('pingidm/registration', 200, { skipped, features: 'registration' });
  expect(got).toEqual([]);
  expect(offer).toMatchObject({ broken: { outcome: 'not testable', reason: expect.stringContaining('ALLOW_WRITES') } });
});

test('a preflight of any sequence only reads', async ({ asked }) => {
  const sent = new Map<string, string[]>();
  for (const { id } of stories()) sent.set(id, (await asked(id, 200)).got);
  expect([...sent.values()].flat().filter((one) => !/^GET |^POST .*\/as\/token$/.test(one))).toEqual([]);
  const unasked = [...sent].filter(([, got]) => !got.some((one) => one.startsWith('GET'))).map(([id]) => id);
  // The first need nothing but a login and a token; the last is lacking everywhere.
  expect(unasked).toEqual(['pingidm/session', 'pingone/expired', 'pingone/token']);
});

test('a world of our own is not asked ahead', async ({ asked }) => {
  const { offer, got } = await asked('pingidm/progressive-profile', 404, { target: 'reference' });
  expect([offer, got]).toEqual([undefined, []]);
});

test('a report shows what pages announce', async () => {
  const story = stories('pingidm').find((one) => one.id === 'pingidm/progressive-profile');
  const target = await openTarget('pingidm', validateEnvironment({}));
  const result = untold(story!, '7.5', target);
  const document = documentOf([{ ...result, skipped: { reason: ours('gone'), partial: true } }]);
  expect(document.verdict).toBe('partial');
  expect(document.announced.flatMap(({ features }) => features)).toContain('progressive-profile');
  expect(markdownOf(document, [])).toMatch(/## Announced\n\n- progressive profiling is deprecated since 7\.4/);
});
