import { expect, test } from '@playwright/test';
import { contractOf } from '../../src/contract.ts';
import type { Json } from '../../src/json.ts';
import { shortcomings, tellForeign } from './support/worlds.ts';

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

const PROCESSES =
  /(forgotten-username|password-reset|process-tokens|registration|registration-in-steps|security-questions|terms)$/;

/** What must be shown on a server whose processes are put together in another way, or whose tokens are good only once. */
const SHOWN: Record<string, Record<string, string[]>> = {
  'idm-latest-token-only': {
    'pingidm/password-reset': ['password-too-weak', 'reset', 'newPassword', 'oldPassword'],
    'pingidm/registration-in-steps': ['terms-absent', 'terms', 'found', 'user', 'delete'],
    'pingidm/registration': ['name-missing', 'password-too-weak', 'details', 'code', 'found', 'user', 'delete'],
  },
  'idm-processes-longer': {
    'pingidm/forgotten-username': ['unknownAccount', 'submit', 'mail'],
    'pingidm/password-reset': ['start', 'query', 'mail', 'namesakeMail', 'code-wrong', 'code', 'reset', 'newPassword'],
    'pingidm/process-tokens': ['start', 'second', 'garbage', 'on'],
    'pingidm/registration-in-steps': [
      'details',
      'questions',
      'terms',
      'code-wrong',
      'code',
      'captcha',
      'found',
      'user',
    ],
    'pingidm/registration': ['mail', 'code-wrong', 'code', 'details', 'found', 'loginByToken', 'user', 'delete'],
    'pingidm/security-questions': ['update', 'query', 'answer-wrong', 'answers', 'reset', 'newPassword', 'otherQuery'],
    'pingidm/terms': ['accept'],
  },
  'idm-processes-shorter': {
    'pingidm/forgotten-username': ['unknownAccount', 'submit', 'mail'],
    'pingidm/password-reset': ['query', 'mail', 'code-wrong', 'code', 'reset', 'newPassword', 'oldPassword'],
    'pingidm/process-tokens': ['garbage', 'on'],
    'pingidm/registration-in-steps': ['address', 'code', 'details', 'found', 'loginByToken', 'user'],
    'pingidm/registration': ['details', 'found', 'loginByPassword', 'user', 'delete'],
    'pingidm/security-questions': ['update', 'query', 'answer-wrong', 'answers', 'reset', 'newPassword'],
    'pingidm/terms': ['accept'],
  },
};

for (const [variant, shown] of Object.entries(SHOWN))
  test(`what the server asks decides what is sent next: ${variant}`, async () => {
    const told = await tellForeign('pingidm', { variants: [variant] }, ({ id }) => PROCESSES.test(id), true);
    expect(shortcomings(told)).toEqual([]);
    const held = told.map(({ story, reports }) => [
      story.id,
      reports.filter(({ outcome }) => outcome === 'held').map(({ id }) => id),
    ]);
    expect(Object.fromEntries(held)).toMatchObject(
      Object.fromEntries(Object.entries(shown).map(([id, steps]) => [id, expect.arrayContaining(steps)])),
    );
  });
