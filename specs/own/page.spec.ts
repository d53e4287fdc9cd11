import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { differences } from '../../src/report/difference.ts';
import { documentOf } from '../../src/report/document.ts';
import { pageOfComparison } from '../../src/report/page/comparison.ts';
import { pageOfRun } from '../../src/report/page/run.ts';
import { runOf as runOfTold, type Run } from '../../src/report/run.ts';
import { once, ROOT } from '../../src/yaml.ts';
import { toldOfReference } from './support/documents.ts';
import { exchange, runOf, statement } from './support/runs.ts';

const require = createRequire(import.meta.url);

test.describe.configure({ mode: 'parallel' }); // the last file of all

/** The picture in the README, which is only made anew with PICTURE=true. */
const SHOWN = path.join(ROOT, 'docs/page.png');
const PICTURE = process.env['PICTURE'] === 'true' ? SHOWN : undefined;

/** A server that breaks the form of an answer, and adds members to others. */
const runWithFindings = once(async (): Promise<Run> => {
  const only = ['pingone/progressive-profiling-action', 'pingone/token-errors'];
  const changes = { faults: ['prompt-interval-as-string'], variants: ['links-with-more-members'] };
  return runOfTold(await toldOfReference('pingone', 'v1', changes, only), []);
});

/** Opens a page from a file, and notes what it asks for and complains of. */
async function open(page: Page, text: string): Promise<string[]> {
  const file = test.info().outputPath('page.html');
  writeFileSync(file, text);
  const noted: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== url) noted.push(`request: ${request.url().slice(0, 80)}`);
  });
  page.on('console', (message) => noted.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => noted.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    noted.push('dialog');
    void dialog.dismiss();
  });
  await page.goto(url);
  return noted;
}

test.describe('The page of a run', () => {
  test('gives the verdict first, and each request and answer a click away, masked, without any network', async ({
    page,
  }) => {
    const run = await runWithFindings();
    const text = pageOfRun(run);
    const noted = await open(page, text);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(`the embedded reference target: violates`);
    const broken = page.getByRole('table', { name: 'Everything found' }).getByRole('link').first();
    await broken.click();
    const button = page.locator('button[aria-expanded="true"]');
    await expect(button).toBeFocused();
    const told = page.locator('li:has(> button[aria-expanded="true"])');
    await expect(told.getByRole('group', { name: 'Request' }).last()).toContainText(/^(GET|POST|PUT) http:/);
    await expect(told.getByRole('group', { name: 'Request' }).last()).toContainText('Authorization: Bearer •••');
    await expect(told.getByRole('group', { name: 'Answer' }).last()).toContainText(/^20[01] \(/);
    expect(noted).toEqual([]);
  });

  test('shows undocumented members, coverage and latencies as pictures with words', async ({ page }) => {
    await open(page, pageOfRun(await runWithFindings()));
    const region = page.getByRole('group', { name: 'Undocumented members' });
    await expect(region).toContainText('/_links/');
    await expect(page.getByRole('heading', { name: /^pingone v1: \d+ of \d+$/ })).toBeVisible();
    const bars = page.locator('.bars svg rect.seen');
    expect(await bars.count()).toBeGreaterThan(20);
    const latency = page.getByRole('table', { name: 'Latency by operation' });
    await expect(latency.getByRole('img').first()).toHaveAttribute('aria-label', /^\d+ up to \d+ ms/);
  });

  test('is used by keyboard alone', async ({ page }) => {
    await open(page, pageOfRun(runOf([statement(), statement({ id: 'shop#other', says: 'another thing is read' })])));
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'To the content' })).toBeFocused();
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('another');
    await expect(page.getByText('1 shown')).toBeVisible();
    const button = page.getByRole('button', { name: 'another thing is read' });
    await expect(async () => {
      await page.keyboard.press('Tab');
      await expect(button).toBeFocused({ timeout: 100 });
    }).toPass();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('group', { name: 'Answer' })).toContainText('"id": "x"');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('group', { name: 'Answer' })).toHaveCount(0);
  });

  test('is printed with every statement', async ({ page }) => {
    await open(page, pageOfRun(runOf([statement()])));
    await expect(page.getByText('a thing is read')).toBeHidden();
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByText('a thing is read')).toBeVisible();
    await expect(page.getByRole('searchbox')).toBeHidden();
  });

  test('takes anything that a server sent as text', async ({ page }) => {
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"' onclick=alert(3) \u202eevil &amp; {`;
    const finding = {
      grade: 'violation' as const,
      kind: 'body',
      where: `/${evil}`,
      expected: evil,
      came: evil,
      basis: 'documented' as const,
    };
    const undocumented = { ...finding, grade: 'undocumented' as const };
    const sent = { ...exchange, answer: { status: 200, ms: 1, headers: [`X-Evil: ${evil}`], json: { [evil]: evil } } };
    const run = runOf([
      statement({ outcome: 'broken', reason: evil, findings: [finding, undocumented], evidence: [sent] }),
    ]);
    const noted = await open(page, pageOfRun(run));
    await page.getByRole('button', { name: 'a thing is read' }).click();
    await expect(page.getByRole('group', { name: 'Answer' }).first()).toContainText('<img src=x onerror=alert(2)>');
    await expect(page.getByRole('table', { name: 'Everything found' })).toContainText(
      `"' onclick=alert(3) \ufffdevil &amp; {`,
    );
    await expect(page.locator('img, [onclick], [onerror]')).toHaveCount(0);
    expect(noted).toEqual([]);
  });

  test('runs no script but its own', async ({ page }) => {
    const noted = await open(
      page,
      pageOfRun(runOf([statement()])).replace('</main>', '<script>alert(1)</script></main>'),
    );
    expect(noted).toEqual([expect.stringContaining('Content Security Policy')]);
  });

  test('opens in a second with 10,000 statements', async ({ page }) => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      statement({
        id: `shop#read${index}`,
        says: `the server answers request ${index} with everything that the page prints`,
      }),
    );
    const session = await page.context().newCDPSession(page);
    // What the page takes, and not what else the machine does.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await open(page, pageOfRun(runOf(many, 100)));
    await page.evaluate('new Promise(requestAnimationFrame)');
    const { metrics } = await session.send('Performance.getMetrics');
    expect(metrics.find((one) => one.name === 'TaskDuration')?.value).toBeLessThan(1);
    await page.getByRole('searchbox').fill('request 9999 ');
    await page.getByRole('button', { name: 'the server answers request 9999' }).click();
    await expect(page.getByRole('group', { name: 'Answer' })).toBeVisible();
  });
});

test('a comparison has both sides in columns', async ({ page }) => {
  const only = ['pingone/progressive-profiling-action'];
  const [before, after] = [
    documentOf((await toldOfReference('pingone', 'v1', {}, only)).map((one) => one.result)),
    (await runWithFindings()).document,
  ];
  const noted = await open(page, pageOfComparison(before, after, differences(before, after)));
  const sides = page.getByRole('table', { name: 'Both sides' });
  await expect(sides.getByRole('row', { name: 'verdict' })).toHaveText(/verdict\s*conforms.*violates/);
  const breaking = page.getByRole('table', { name: 'breaking' });
  await expect(breaking.getByRole('columnheader')).toHaveText(['what', 'where', 'before', 'after']);
  await expect(breaking).toContainText('type-changed');
  expect(noted).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`In ${colorScheme} colours`, () => {
    // The checker is a script that the pages would not run.
    test.use({ colorScheme, bypassCSP: true });

    test('no rule of accessibility is broken', async ({ page }) => {
      const { document, ...run } = await runWithFindings();
      const gone = { ...document, stories: [] };
      for (const text of [
        pageOfRun({ document, ...run }),
        pageOfComparison(document, gone, differences(document, gone)),
      ]) {
        await open(page, text);
        await page.evaluate(
          "document.querySelector('.page .broken')?.closest('details').querySelector('button')?.click()",
        );
        await page.addScriptTag({ path: require.resolve('axe-core') });
        const violations = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
        });
        expect(violations).toEqual([]);
      }
    });
  });

test('the README shows the page', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 760 });
  await open(page, pageOfRun(await runWithFindings()));
  await page.getByRole('table', { name: 'Everything found' }).getByRole('link').first().click();
  await expect(page.getByRole('group', { name: 'Answer' }).first()).toBeVisible();
  await page.evaluate('scrollTo(0, 0)');
  await page.screenshot({ path: PICTURE ?? test.info().outputPath('page.png') });
  expect(readFileSync(SHOWN).length).toBeLessThan(150_000);
  expect(readFileSync(path.join(ROOT, 'README.md'), 'utf8').includes('(docs/page.png)')).toBe(true);
});
