import { readFileSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { targetProject } from '../../src/projects.ts';

// The project's own specs judge the reference target and the engine, the same everywhere: no .env, no variable of a target.
process.env['CONFORMANCE_IGNORE_ENVIRONMENT'] = 'true';
const schema = new URL('../../fixtures/environment.schema.json', import.meta.url);
const { properties } = JSON.parse(readFileSync(schema, 'utf8')) as { properties: object };
for (const variable of [...Object.keys(properties), 'TARGET']) Reflect.deleteProperty(process.env, variable);

export default defineConfig<object, { targetId: string }>({
  outputDir: '../../test-results',
  projects: [
    { ...targetProject('reference', {}), testDir: '..', testMatch: 'specs/*.spec.ts', timeout: 0 },
    { name: 'own', testDir: '.', testMatch: 'own/*.spec.ts', timeout: 60_000 },
  ],
  workers: 2,
  reporter: [['list'], ['../../src/reporter.ts']],
});
