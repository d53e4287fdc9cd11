import { expect, test } from '@playwright/test';
import { acceptCommand, withDeviations } from '../../src/report/accept.ts';

const file = `# A shop
name: Shop # ours
features: [all]
deviations:
  pingone/known#read: { because: it is known, seen: 2026-01-01 }
`;

test('what is broken is added to the deviations, without a reason, and what stands there stays', () => {
  const { text, added } = withDeviations(file, ['pingone/known#read', 'pingone/new#list'], '2026-11-22');
  expect(added).toEqual(['pingone/new#list']);
  expect(text).toContain('name: Shop # ours');
  expect(text).toContain('pingone/known#read: { because: it is known, seen: 2026-01-01 }');
  expect(text).toMatch(/pingone\/new#list:\s+because: ""\s+seen: 2026-11-22\s+until: ""/);
});

test('where nothing is new the file stays as it is, byte by byte', () => {
  expect(withDeviations(file, ['pingone/known#read'], '2026-11-22')).toEqual({ text: file, added: [] });
});

test('a target without deviations gets some', () => {
  const { text } = withDeviations('name: Shop\n', ['pingone/new#list'], '2026-11-22');
  expect(text).toMatch(/^name: Shop\ndeviations:\n {2}pingone\/new#list:/);
});

test('a report is needed, and help is given', () => {
  const told: string[] = [];
  expect(acceptCommand(['--help'], (text) => told.push(text))).toBe(0);
  expect(told.join()).toContain('--target');
  expect(() => acceptCommand([], () => undefined)).toThrow(/one report is needed/);
  expect(() => acceptCommand(['/nowhere.json'], () => undefined)).toThrow(/cannot be read \(ENOENT\)/);
});
