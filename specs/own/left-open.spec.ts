import { expect, test } from '@playwright/test';
import { fails, gradeOf } from '../../src/finding.ts';
import { shortcomings, tellForeign } from './support/worlds.ts';

/** What a server that does something otherwise is found at fault for, everything being judged. */
async function foundIn(variant: string, features: string[], strict: boolean): Promise<string[]> {
  const told = await tellForeign(
    'pingidm',
    { variants: [variant] },
    ({ sequence }) => features.some((feature) => sequence.requires.includes(feature)),
    true,
  );
  expect(told.flatMap(({ reports }) => reports).length, 'steps').toBeGreaterThan(0);
  const findings = told.flatMap(({ reports }) => reports.flatMap((report) => report.findings));
  const firm = findings.filter((finding) => fails(gradeOf(finding, { strict: true, undocumented: 'report' })));
  return [...shortcomings(told), ...(strict ? firm.map(({ where, expected }) => `${where}: ${expected}`) : [])];
}

test.describe('What no page prints is held against no server', () => {
  test.describe.configure({ mode: 'parallel', timeout: 180_000 });

  for (const feature of ['policy', 'password-reset', 'registration', 'managed-users'])
    test(`each requirement that fails may have an entry of its own: ${feature}`, async () => {
      expect(await foundIn('idm-failures-one-by-one', [feature], true)).toEqual([]);
    });

  const processes = ['idm-form-until-filled', 'idm-another-process-first', 'idm-another-process-last'];
  const features = [
    'own-object',
    'password-change',
    'configuration',
    'features-and-privileges',
    'security-questions',
    'terms',
  ];
  for (const variant of processes)
    test(`new users may owe a form: ${variant}`, async () => {
      expect(await foundIn(variant, features, false)).toEqual([]);
    });
});
