import { expect, test } from '@playwright/test';
import { KINDS } from '../../src/finding.ts';
import { Redactor } from '../../src/redact.ts';
import { annotationsOf } from '../../src/report/formats/github.ts';
import { documentOf, type Conformance } from '../../src/report/document.ts';
import { runOf, type Told } from '../../src/report/run.ts';
import { stepResult } from '../../src/report/told.ts';
import { FORMATS } from '../../src/report/write.ts';
import { storyOf } from '../../src/sequence.ts';
import type { StepReport } from '../../src/telling.ts';
import { toldOfReference } from './support/documents.ts';

/** What users, passwords and cookies may be called, and is a word of ours as well. */
const WORDS = [
  ...['held', 'Held', 'broken', 'tolerated', 'skipped', 'not testable', 'not applicable', 'conforms', 'violates'],
  ...['violation', 'undocumented', 'notice', 'documented', 'standard', 'recorded', 'assumed', 'partial', 'report'],
  ...['pingidm', 'pingone', 'progressive-profile', 'step', 'refusal', 'probe', 'anonymous', 'user', 'the', 'read'],
  ...['object', 'string', 'number', 'array', 'null', 'true', 'expected', 'came', 'PingIDM', 'PingOne', 'error', 'note'],
  ...['reference', 'fixtures', 'sequences', 'yaml', '200', '404', 'kind', 'says', 'outcome', 'findings', 'https'],
  ...KINDS,
];

/** A run as reports show it, with so many words masked. */
async function told(secrets: string[]): Promise<Told[]> {
  const only = ['pingidm/progressive-profile', 'pingidm/own-object', 'pingidm/session'];
  return toldOfReference('pingidm', '7.5', { faults: ['write-lost', 'code-without-secret'] }, only, secrets);
}

/** A document without what a server says. */
function ourPart(document: Conformance): unknown {
  return {
    ...document,
    coverage: document.coverage.map((one) => ({ ...one, says: undefined })),
    stories: document.stories.map((story) => ({
      ...story,
      statements: story.statements.map((one) => ({
        ...one,
        answer: one.answer && { status: one.answer.status, types: Object.values(one.answer.members).length },
        findings: one.findings.map(({ grade, kind, basis }) => ({ grade, kind, basis })),
      })),
    })),
  };
}

test('whatever users, passwords and cookies are called, every word of ours in every report stays', async () => {
  const [plain, masked] = [await told([]), await told(WORDS)];
  const [before, after] = [plain, masked].map((one) => documentOf(one.map(({ result }) => result)));
  expect(before?.verdict).toBe('violates');
  expect(ourPart(after as Conformance)).toEqual(ourPart(before as Conformance));
  const runs = [plain, masked].map((one) => runOf(one, []));
  const shapesOf = (format: string): unknown[] =>
    runs.map((run) =>
      FORMATS[format]?.(run)
        .match(WORTH[format] ?? /^$/g)
        ?.sort(),
    );
  for (const format of Object.keys(WORTH)) {
    const [was, is] = shapesOf(format);
    expect(was, format).not.toHaveLength(0);
    expect(is, format).toEqual(was);
  }
  const titles = runs.map((run) => annotationsOf(run).map((one) => one.split('::')[1]));
  expect(titles[0]).not.toHaveLength(0);
  expect(titles[1]).toEqual(titles[0]);
});

/** What must be the same in each format. */
const WORTH: Record<string, RegExp> = {
  'junit.xml': /<testsuites? [^>]*>|<testcase [^>]*>|type="[^"]*"/g,
  'sarif.json': /"(level|ruleId|uri|startLine|grade|basis)": [^\n]*/g,
  'ctrf.json': /"(name|status|suite|tags|filePath|line)":[^,]*/g,
  md: /^(# .*|Held.*|Found.*|\| (violation|notice|undocumented) \| \S+)/gm,
  html: /<(h1|h2|dt|dd|title|b)[^>]*>[^<]*/g,
  'badge.svg': /<title>[^<]*/g,
};

test('a sentence of ours keeps its words, and hides the same words where a server or the settings say them', () => {
  const redactor = new Redactor(['absent', 'broken', 'pingidm', 'user', '404']);
  const report: StepReport = {
    ...{ id: 'read', says: 'the user is read', kind: 'step', page: '', basis: 'documented', pointer: '/steps/0' },
    ...{ outcome: 'broken', statements: [], exchanges: [] },
    reason: 'pingidm is broken, as GET http://pingidm.example.com/user/broken?a=absent says to user@example.com: 404',
    findings: [
      {
        ...{ kind: 'state', where: '/user/absent', basis: 'documented', grade: 'violation' },
        expected: 'user.name = "user", as in broken /a',
        came: 'absent: "absent" and "it is \\"broken\\""',
      },
    ],
  };
  expect(stepResult(storyOf('pingidm/session'), report, redactor)).toMatchObject({
    ...{ id: 'read', says: 'the user is read', outcome: 'broken' },
    reason: 'pingidm is broken, as GET http://•••.example.com/•••/•••?a=••• says to •••@example.com: 404',
    findings: [
      {
        where: '/user/absent',
        expected: 'user.name = "•••", as in broken /a',
        came: 'absent: "•••" and "it is \\"•••\\""',
      },
    ],
  });
});
