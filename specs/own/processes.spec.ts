import { expect, test } from '@playwright/test';
import { contractOf } from '../../src/contract.ts';
import type { Json } from '../../src/json.ts';

/** What the contract of a version finds in an answer to GET config/selfservice/…. */
function findings(version: string, body: Json): unknown[] {
  const contract = contractOf('pingidm', version);
  const schema = contract.answerSchema(contract.operation('readProcessConfiguration'), 200, 'application/json');
  expect(schema).toBeDefined();
  return schema ? contract.validate(schema, body) : [];
}

const SUM = { class: 'com.example.stage.SumStageConfig', left: 12, right: 4 };
const conditional = (stage: Json, branch: string): Json => ({
  name: 'conditionaluser',
  identityServiceUrl: 'managed/user',
  condition: { type: 'loginCount', amount: 1 },
  [branch]: stage,
});

for (const version of ['7.5', '7.3.1'])
  test.describe(`The configuration of processes, ${version}`, () => {
    test('has stages that are known by their class, at any depth', () => {
      for (const stage of [SUM, conditional(SUM, 'onConditionTrue'), conditional(SUM, 'onConditionFalse')])
        expect(findings(version, { _id: 'selfservice/profile', stageConfigs: [stage] })).toEqual([]);
    });

    test('has no stages that are known by nothing', () => {
      for (const stage of [{ left: 12 }, conditional({ left: 12 }, 'onConditionTrue')])
        expect(findings(version, { _id: 'selfservice/profile', stageConfigs: [stage] })).not.toEqual([]);
    });

    test('has stages where it is a process, and not where it is something else', () => {
      expect(findings(version, { _id: 'selfservice/kbaConfig', questions: { q: { en: 'Why?' } } })).toEqual([]);
      expect(findings(version, { _id: 'selfservice/reset' })).not.toEqual([]);
    });
  });
