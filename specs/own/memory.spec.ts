import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@playwright/test';
import { acceptedBy, failures } from '../../src/assertion.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that each further schema leaves behind, once those that are kept on purpose are there. */
function leftBy(use: (value: string) => void): number {
  const many = 800;
  for (let index = 0; index < many; index++) use(`before ${index}`);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < many; index++) use(`value ${index}`);
  collect();
  return (process.memoryUsage().heapUsed - before) / many;
}

test('a schema that holds a value leaves no memory behind', () => {
  expect(leftBy((value) => failures({ required: [value] }, { [value]: 1 }))).toBeLessThan(400);
});

test('a schema that a server gives leaves no memory behind', () => {
  expect(leftBy((value) => acceptedBy({ properties: { id: { enum: [value] } } }, { id: value }))).toBeLessThan(400);
});
