import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, expect, test } from '@playwright/test';
import { buildDocs } from '../../src/docs/build.ts';
import { once, ROOT } from '../../src/yaml.ts';
import { chromium as installed } from './support/browser.ts';

const folder = 'test-results/docs';
const built = once(() => buildDocs(folder, 'pingone'));

test('the built pages load nothing from elsewhere, and the index leads to each of them', async () => {
  const [index = '', ...files] = await built();
  const textOf = (file: string): string => readFileSync(path.join(ROOT, folder, file), 'utf8');
  expect(files).toEqual(['ledger.html', 'arazzo.html', 'pingone-v1.html', 'pingone-v1.arazzo.yaml']);
  for (const file of files) expect(textOf(index)).toContain(`href="${file}`);
  for (const file of [index, ...files].filter((one) => one.endsWith('.html'))) {
    const text = textOf(file);
    const policy =
      /<meta http-equiv="Content-Security-Policy" content="(.*?)">/.exec(text)?.[1]?.replaceAll('&#39;', "'") ?? '';
    expect(policy, file).toMatch(/^default-src 'none';/);
    expect(policy, file).not.toMatch(/https?:|\*|'self'/);
    // Nothing that loads stands before the policy, and outside scripts and styles nothing does at all.
    const markup = text.replaceAll(/<(script|style)\b[^>]*>.*?<\/\1>/gs, (whole) => /^<[^>]*>/.exec(whole)?.[0] ?? '');
    expect(
      markup.match(/<(link|iframe|object|embed|base)\b|\b(src|srcset|data|action|poster)="(?!data:)/g) ?? [],
      file,
    ).toEqual([]);
    expect(text.indexOf('Content-Security-Policy'), file).toBeLessThan(text.search(/<(script|style|img)\b/));
    expect(text.match(/cdn\.redoc\.ly|url\(["']?https?:/g) ?? [], file).toEqual([]);
  }
});

test('a browser shows the built pages, and asks for nothing else', async () => {
  const executablePath = installed() ?? '';
  test.skip(executablePath === '', 'no Chromium on PATH (or in CHROMIUM)');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  const noted: string[] = [];
  page.on('request', (request) => noted.push(request.url()));
  page.on('console', (message) => noted.push(message.type()));
  page.on('pageerror', (error) => noted.push(error.message));
  const opened = pathToFileURL(path.join(ROOT, folder, 'index.html')).href;
  await built();
  await page.goto(opened);
  await page.getByRole('link', { name: 'pingone v1', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('PingOne');
  await expect(page.getByText('API docs by')).toBeVisible();
  await browser.close();
  expect(noted.filter((one) => !one.startsWith('data:'))).toEqual([
    opened,
    opened.replace('index', 'pingone-v1'),
    'info',
  ]);
});
