import { expect, test } from '@playwright/test';
import { evaluate, expressionsIn, isExpression, stepOf, type Recorded } from '../../src/expression.ts';
import { Names } from '../../src/names.ts';
import { printed, printedText } from '../../src/printed.ts';
import { filled } from '../../src/template.ts';

const recorded = new Map<string, Recorded>([
  [
    'read',
    {
      request: { headers: { 'x-user': 'u' }, body: { sent: true } },
      response: { status: 201, headers: { location: '/a' }, body: { 'a/b': [{ id: null }], empty: {} } },
    },
  ],
]);

test('an expression gives the body, a value in it, a header in any case, or the status', () => {
  expect(evaluate(printedText('$read.request.body'), recorded)).toEqual({ sent: true });
  expect(evaluate(printedText('$read.request.body#'), recorded)).toEqual({ sent: true });
  expect(evaluate(printedText('$read.response.body#/a~1b/0/id'), recorded)).toBeNull();
  expect(evaluate(printedText('$read.response.header.Location'), recorded)).toBe('/a');
  expect(evaluate(printedText('$read.response.status'), recorded)).toBe(201);
});

test('an expression has no value where the step was not run or has none', () => {
  for (const text of [
    '$other.response.body',
    '$read.response.body#/x',
    '$read.request.status',
    '$read.response.header.x',
  ])
    expect(evaluate(printedText(text), recorded), text).toBeUndefined();
});

test('only the whole form is an expression', () => {
  for (const text of [
    '$read',
    '$read.response',
    '$read.response.body#a',
    'see $read.response.body',
    '$schema',
    '$1.50',
    '$read.response.bodyx',
  ])
    expect(isExpression(printedText(text)), text).toBe(false);
  expect(stepOf('$readAgain.response.body#/x')).toBe('readAgain');
});

test('expressions are replaced by their values at any depth, and those without one are told', () => {
  const schema = printed({
    const: '$read.response.status',
    enum: ['$read.response.body#/empty', '$no.response.body'],
  });
  expect(filled(schema, { names: new Names({}), scope: new Map(), recorded })).toEqual({
    value: { const: 201, enum: [{}, null] },
    missing: ['$no.response.body'],
  });
  expect(expressionsIn(schema)).toEqual(['$read.response.status', '$read.response.body#/empty', '$no.response.body']);
});
