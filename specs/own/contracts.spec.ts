import SwaggerParser from '@apidevtools/swagger-parser';
import { expect, test } from '@playwright/test';
import { Contract } from '../../src/contract.ts';
import { pagesFile } from '../../src/pages.ts';
import { absolute, dangling, reachedFrom, ROOTS, schemasOf } from './support/contracts.ts';
import { filesUnder } from './support/files.ts';
import { againstContract, TOLD } from './support/stories.ts';

for (const file of ROOTS) {
  test(`${file} is an OpenAPI document`, async () => {
    const parsed = await SwaggerParser.validate(absolute(file));
    expect(parsed).toHaveProperty('openapi', '3.1.1');
  });

  test(`${file} holds every request and answer to schemas that compile strictly, open and closed`, () => {
    const contract = new Contract(file);
    const schemas = [...contract.operations.values()].flatMap((operation) => schemasOf(contract, operation));
    expect(schemas.length).toBeGreaterThan(contract.operations.size);
    for (const schema of schemas) {
      const compile = (): unknown => [contract.validate(schema, {}), contract.unnamed(schema, {})];
      expect(compile, schema.what).not.toThrow();
    }
  });

  test(`${file} cites a known page in every operation`, () => {
    const urls = Object.values(pagesFile()).map((page) => page.url);
    const operations = [...new Contract(file).operations.values()];
    expect(operations.filter(({ page }) => page === undefined || !urls.includes(page)).map(({ id }) => id)).toEqual([]);
  });

  test(`${file} lists a success, 4XX and 5XX for every operation`, () => {
    const contract = new Contract(file);
    const lacking = [...contract.operations.values()].filter((operation) => {
      const statuses = contract.answers(operation).map((answer) => answer.status);
      return !(statuses.some((one) => one.startsWith('2')) && statuses.includes('4XX') && statuses.includes('5XX'));
    });
    expect(lacking.map(({ id }) => id)).toEqual([]);
  });

  test(`${file} gives every error a body`, () => {
    const contract = new Contract(file);
    const bare = [...contract.operations.values()].flatMap((operation) =>
      contract
        .answers(operation)
        .filter(({ status, media }) => /^[45]/.test(status) && media.length === 0)
        .map(({ status }) => `${operation.id} ${status}`),
    );
    expect(bare).toEqual([]);
  });
}

test('every reference of every contract file leads somewhere', () => {
  expect(filesUnder('contracts', '.yaml').flatMap(dangling)).toEqual([]);
});

test('every contract file is reached from a root document', () => {
  const reached = new Set(ROOTS.flatMap((file) => [...reachedFrom(file)]));
  expect(filesUnder('contracts').filter((file) => !reached.has(file))).toEqual([]);
});

for (const { story, contract, title } of TOLD)
  test(`what the pages of ${title} print obeys the contract`, () => {
    expect(againstContract(story, contract)).toEqual([]);
  });
