import { defineConfig } from '@playwright/test';

export default defineConfig({ testMatch: 'empty.spec.ts', workers: 1 });
