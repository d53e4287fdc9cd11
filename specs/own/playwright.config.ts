import { readFileSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { targetProject } from '../../src/projects.ts';
import { chromium } from './support/browser.ts';

// The project's own specs judge the reference target and the engine, the same everywhere: no .env, no variable of a target.
process.env['CONFORMANCE_IGNORE_ENVIRONMENT'] = 'true';
const schema = new URL('../../fixtures/environment.schema.json', import.meta.url);
const { properties } = JSON.parse(readFileSync(schema, 'utf8')) as { properties: object };
for (const variable of [...Object.keys(properties), 'TARGET']) Reflect.deleteProperty(process.env, variable);

const browser = chromium();
if (browser === undefined && process.env['TEST_WORKER_INDEX'] === undefined) {
  const missing = 'no Chromium on PATH (or in CHROMIUM): the pages of reports are not tested in a browser';
  if (process.env['REQUIRE_BROWSER'] === 'true')
    throw new Error(`${missing}; install one, for example: apt-get install chromium`);
  console.warn(missing);
}

const PROOFS = ['own/alterations.spec.ts', 'own/faults-*.spec.ts', 'own/variants.spec.ts'];
const PAGE = 'own/page.spec.ts';

export default defineConfig<object, { targetId: string }>({
  outputDir: '../../test-results',
  projects: [
    { ...targetProject('reference', {}), testDir: '..', testMatch: 'specs/*.spec.ts', timeout: 0 },
    // First what the rest rests on: whether anything wrong passes, and anything right fails.
    { name: 'proofs', testDir: '.', testMatch: PROOFS, timeout: 60_000 },
    { name: 'own', testDir: '.', testMatch: 'own/*.spec.ts', testIgnore: [...PROOFS, PAGE], timeout: 60_000 },
    ...(browser === undefined
      ? []
      : [
          {
            name: 'browser',
            testDir: '.',
            testMatch: PAGE,
            timeout: 60_000,
            use: { launchOptions: { executablePath: browser, args: ['--no-sandbox'] } },
          },
        ]),
  ],
  workers: 2,
  reporter: [['list'], ['../../src/reporter.ts']],
});
