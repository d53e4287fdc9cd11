import { expect, test } from '@playwright/test';
import { check } from 'prettier';
import { parse } from 'yaml';
import { acceptCommand, withDeviations } from '../../src/report/accept.ts';
import { targetFiles } from '../../src/target.ts';
import { textOf } from './support/files.ts';

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

/** Every way to write a target's file in which deviations may stand, or not. */
const WAYS: Record<string, string> = {
  'a block, with comments and lines behind it': `${file}  # the last one is not known\n\n\n# end\nlacks: {   odd:   spacing }\n`,
  'a block with four blanks':
    'a: {b:   1}\ndeviations:\n    x/y#z:\n        because: |\n          two\n          lines\n        seen: 2026-01-01\n\nb:    2\n',
  'a block at the very end, without a line break': 'deviations:\n  x/y#z: { because: it, seen: 2026-01-01 }',
  'a map in braces': 'deviations: { x/y#z: { because: it, seen: 2026-01-01 } } # known\nb:   2\n',
  'a map in braces over lines': 'deviations: {\n  x/y#z: { because: it, seen: 2026-01-01 }, # known\n}\nb:   2\n',
  'an empty map': 'a:   1\ndeviations: {} # none\nb:   2\n',
  nothing: 'a:   1\ndeviations: # none yet\nb:   2\n',
  'nothing at the very end': 'a:   1\ndeviations:',
  'no deviations, and no line break': 'a:   1 # "odd"',
  anchors: 'deviations:\n  x/y#a: &open\n    because: it\n    seen: 2026-01-01\n  x/y#z: *open\nb:   2\n',
  'line breaks of another system': 'a:   1\r\ndeviations:\r\n  x/y#z: { because: it, seen: 2026-01-01 }\r\nb:   2\r\n',
};

for (const [way, text] of Object.entries(WAYS))
  test(`only its own lines change in a file with ${way}`, () => {
    const added = ['pingone/new#list', 'pingone/new#create~without:/a', 'pingone/new#create~wrong:"x": y'];
    const { text: after } = withDeviations(text, added, '2026-11-22');
    const plain = (one: string): string => one.replaceAll(/\r?\n/g, '\n');
    const [lines, kept] = [
      plain(after).split('\n'),
      plain(text)
        .split('\n')
        .filter((line) => line.trim() !== ''),
    ];
    const odd = /^(deviations: \{|deviations:$| {2}x\/y#z: \{ because: it, seen: 2026-01-01 \}, )/;
    expect(kept.filter((line) => !odd.test(line) && !lines.includes(line))).toEqual([]);
    expect((parse(after) as { deviations: object }).deviations).toEqual({
      ...(parse(text) as { deviations?: object | null } | null)?.deviations,
      ...Object.fromEntries(added.map((key) => [key, { because: '', seen: '2026-11-22', until: '' }])),
    });
    expect(after.replaceAll('\r\n', '').includes('\n')).toBe(!text.includes('\r'));
    expect(withDeviations(after, added, '2026-11-22')).toEqual({ text: after, added: [] });
  });

test('the files of targets are changed by insertion alone, and stay as the formatter wants them', async () => {
  for (const { name } of Object.values(targetFiles())) {
    const text = textOf(name);
    const { text: after } = withDeviations(text, ['pingone/new#list'], '2026-11-22');
    const block = /^(deviations:\n)? {2}pingone\/new#list:\n {4}because: ""\n {4}seen: 2026-11-22\n {4}until: ""\n/m;
    expect(after.replace(block, ''), name).toBe(text);
    expect(await check(after, { parser: 'yaml', printWidth: 120 }), name).toBe(true);
  }
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
