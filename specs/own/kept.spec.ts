import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { kept } from '../../src/kept.ts';

/** Counts how often something is made of a text. */
function counting(): { make: () => { made: number }; times: () => number } {
  let times = 0;
  return { make: () => ({ made: ++times }), times: () => times };
}

const folderIn = (place: string): string => path.join(test.info().outputPath(place), 'kept');

test('what was made of a text is read by the next one who asks for it', () => {
  mkdirSync(test.info().outputPath('beside'), { recursive: true });
  const folder = folderIn('beside');
  const { make, times } = counting();
  expect([kept(folder, 'a', 'text', make), kept(folder, 'a', 'text', make)]).toEqual([{ made: 1 }, { made: 1 }]);
  expect(times()).toBe(1);
  // Another text, and another maker of the same text, come to something else.
  expect([kept(folder, 'a', 'texts', make), kept(folder, 'b', 'text', make)]).toEqual([{ made: 2 }, { made: 3 }]);
  expect(readdirSync(folder)).toHaveLength(3);
});

test('what cannot be read is made again, and mends itself', () => {
  mkdirSync(test.info().outputPath('broken'), { recursive: true });
  const folder = folderIn('broken');
  const { make } = counting();
  kept(folder, 'a', 'text', make);
  const [file = ''] = readdirSync(folder);
  const whole = readFileSync(path.join(folder, file), 'utf8');
  writeFileSync(path.join(folder, file), whole.slice(0, -3));
  expect(kept(folder, 'a', 'text', make)).toEqual({ made: 2 });
  expect(kept(folder, 'a', 'text', make)).toEqual({ made: 2 });
});

test('where nothing can be kept it is made each time, and nothing is created', () => {
  const { make } = counting();
  expect(kept(folderIn('nowhere'), 'a', 'text', make)).toEqual({ made: 1 });
  expect(kept(folderIn('nowhere'), 'a', 'text', make)).toEqual({ made: 2 });
  mkdirSync(test.info().outputPath('taken'), { recursive: true });
  writeFileSync(folderIn('taken'), 'a file in its place');
  expect(kept(folderIn('taken'), 'a', 'text', make)).toEqual({ made: 3 });
  const thrown = (): never => {
    throw new Error('no such text');
  };
  expect(() => kept(folderIn('taken'), 'a', 'text', thrown)).toThrow('no such text');
});
