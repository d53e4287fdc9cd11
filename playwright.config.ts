import { defineConfig } from '@playwright/test';
import { runTimeout, targetProjects } from './src/projects.ts';

export default defineConfig<object, { targetId: string }>({
  testDir: 'specs',
  testMatch: 'specs/*.spec.ts', // specs/own has a configuration of its own
  projects: targetProjects(),
  timeout: 0, // a slow server is not a failure: REQUEST_TIMEOUT bounds each request
  globalTimeout: runTimeout(),
  workers: 2,
  reporter: [
    ['list'],
    ['html', { open: 'never' }],
    ['junit', { outputFile: 'test-results/junit.xml' }],
    ['./src/reporter.ts'],
  ],
});
