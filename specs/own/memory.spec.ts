import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@playwright/test';
import { acceptedBy, failures } from '../../src/assertion.ts';
import { printedText } from '../../src/printed.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that each further schema leaves behind (it was almost 4000 when Ajv kept them; a measurement errs by some hundreds), once those that are kept on purpose are there. */
function leftBy(use: (value: string) => void): number {
  const many = 800;
  for (let index = 0; index < many; index++) use(`before ${index}`);
  for (let time = 0; time < 2; time++) collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < many; index++) use(`value ${index}`);
  for (let time = 0; time < 2; time++) collect();
  return (process.memoryUsage().heapUsed - before) / many;
}

test('a schema that holds a value leaves no memory behind', () => {
  expect(leftBy((value) => failures({ required: [printedText(value)] }, { [value]: 1 }))).toBeLessThan(2000);
});

test('a schema that a server gives leaves no memory behind', () => {
  expect(leftBy((value) => acceptedBy({ properties: { id: { enum: [value] } } }, { id: value }))).toBeLessThan(2000);
});
