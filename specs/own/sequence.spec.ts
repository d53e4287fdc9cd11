import { writeFileSync } from 'node:fs';
import { expect, test as base } from '@playwright/test';
import { SuiteError } from '../../src/errors.ts';
import { readStory } from '../../src/sequence.ts';

const SEQUENCE = `title: A book is read
pages: [pingidm-7.5/profile-rest-flow]
requires: []
names: {}
writes: false
steps:
  - id: read
    says: the book is read
    operation: readBook
    request: { method: GET, url: http://shop/books/1 }
    answer: { status: 200 }
  - id: readAgain
    says: the book is read again
    repeat: read
    answer:
      schema: { properties: { title: { const: $read.response.body#/title } } }
refusals:
  - id: unknown-book
    says: an unknown book is refused
    at: read
    url: http://shop/books/none
`;

/** Reads the sequence with something in it replaced, and gives the error, as \`line: message\`. */
const test = base.extend<{ broken: (printed: string, written: string) => string }>({
  broken: async ({}, use, info) => {
    await use((printed, written) => {
      const file = info.outputPath('sequence.yaml');
      expect(SEQUENCE).toContain(printed);
      writeFileSync(file, SEQUENCE.replace(printed, written));
      try {
        readStory(file);
      } catch (error) {
        expect(error).toBeInstanceOf(SuiteError);
        const [where = '', line = '', ...message] = (error as Error).message
          .slice(file.length - 'sequence.yaml'.length)
          .split(':');
        expect((error as Error).stack).toContain(`at ${file}:${line}:`);
        return `${where}:${line}:${message.join(':')}`;
      }
      return 'nothing is wrong';
    });
  },
});

test('a step that repeats takes over the request, and its line is known', ({}, info) => {
  const file = info.outputPath('sequence.yaml');
  writeFileSync(file, SEQUENCE);
  const story = readStory(file);
  expect(story.sequence.steps[1]).toMatchObject({ operation: 'readBook', request: { url: 'http://shop/books/1' } });
  expect([
    story.yaml.line('/steps/1'),
    story.yaml.line('/steps/1/answer/schema'),
    story.yaml.line('/steps/1/x'),
  ]).toEqual([12, 16, 12]);
});

test('a sequence that begins with another has its steps and names first, each at its own place', ({}, info) => {
  const file = info.outputPath('sequence.yaml');
  writeFileSync(file, SEQUENCE.replace('requires: []', 'begins: pingone/policy-limits\nrequires: []'));
  const begun = readStory('fixtures/sequences/pingone/policy-limits.yaml');
  const story = readStory(file);
  const steps = begun.sequence.steps.length;
  expect(story.sequence.steps.map((step) => step.id)).toEqual([
    ...begun.sequence.steps.map((step) => step.id),
    'read',
    'readAgain',
  ]);
  expect(story.sequence.names).toEqual(begun.sequence.names);
  expect(story.sequence.steps.slice(0, steps).every((step) => step.derives === false)).toBe(true);
  expect([story.place('/steps/0').name, story.place('/refusals/0').name, story.place(`/steps/${steps + 1}`)]).toEqual([
    'fixtures/sequences/pingone/policy-limits.yaml',
    story.yaml.name,
    { file, name: story.yaml.name, line: 13 },
  ]);
});

for (const [what, printed, written, message] of [
  ['YAML that does not parse', '  - id: read\n', '  - id: [read\n', /^sequence\.yaml:\d+: this is not valid YAML/],
  [
    'a member twice',
    '    answer: { status: 200 }',
    '    answer: {}\n    answer: {}',
    /^sequence\.yaml:12: this is not valid YAML.*unique/,
  ],
  [
    'an unknown member',
    '    says: the book is read\n',
    '    say: the book is read\n',
    /^sequence\.yaml:\d+: .*'say' \(did you mean 'says'\?\); allowed: id, says.*sequence\.schema\.json/,
  ],
  ['a member of another type', 'writes: false', 'writes: maybe', /^sequence\.yaml:5: \/writes must be boolean/],
  ['a missing member', 'requires: []\n', '', /^sequence\.yaml:1: the file lacks the member 'requires'/],
  [
    'an unknown page',
    'profile-rest-flow',
    'profile-rest-flaw',
    /^sequence\.yaml:2: there is no page .* \(did you mean 'pingidm-7\.5\/profile-rest-flow'\?\)/,
  ],
  [
    'a beginning that does not exist',
    'requires: []\n',
    'begins: pingone/policy-limit\nrequires: []\n',
    /^sequence\.yaml:3: there is no sequence 'pingone\/policy-limit' to begin with \(did you mean 'pingone\/policy-limits'\?\)/,
  ],
  [
    'a repeated step that does not exist',
    'repeat: read',
    'repeat: raed',
    /^sequence\.yaml:14: .*not an earlier step \(did you mean 'read'\?\)/,
  ],
  [
    'a repeat of a later step',
    '    operation: readBook\n    request: { method: GET, url: http://shop/books/1 }\n',
    '    repeat: readAgain\n',
    /^sequence\.yaml:9: .*not an earlier step/,
  ],
  [
    'an expression on an unknown step',
    '$read.response',
    '$raed.response',
    /^sequence\.yaml:16: there is no step 'raed' \(did you mean 'read'\?\)/,
  ],
  [
    'what only looks like an expression',
    '$read.response.body#/title',
    '$read.body#/title',
    /^sequence\.yaml:16: '\$read\.body#\/title' is not an expression/,
  ],
  [
    'a session of an unknown step',
    'repeat: read\n',
    'repeat: read\n    session: login\n',
    /^sequence\.yaml:15: there is no step 'login'/,
  ],
  [
    'a refusal at an unknown step',
    '    at: read\n',
    '    at: red\n',
    /^sequence\.yaml:20: there is no step 'red' \(did you mean 'read'\?\)/,
  ],
  [
    'a refusal that looks at an unknown step',
    '    at: read\n',
    '    at: read\n    when: { value: $raed.response.body, matches: true }\n',
    /^sequence\.yaml:21: there is no step 'raed'/,
  ],
  [
    'a refusal with the session of an unknown step',
    '    at: read\n',
    '    at: read\n    session: login\n',
    /^sequence\.yaml:21: there is no step 'login'/,
  ],
  [
    'a probe at an unknown step',
    'refusals:',
    'probes: [{ id: p, says: what is printed, at: red, url: "http://x", because: it is printed }]\nrefusals:',
    /^sequence\.yaml:17: there is no step 'red'/,
  ],
  ['two steps of one id', 'id: readAgain', 'id: read', /^sequence\.yaml:12: two steps are called 'read'/],
  [
    'configured values of an unknown step',
    'writes: false\n',
    'writes: false\nconfigured: { red: { /a: it is configured } }\n',
    /^sequence\.yaml:6: there is no step 'red'/,
  ],
] as [string, string, string, RegExp][])
  test(`${what} is told with file and line`, ({ broken }) => {
    expect(broken(printed, written)).toMatch(message);
  });

test('a file that is not there is told', () => {
  expect(() => readStory('fixtures/sequences/none.yaml')).toThrow(
    'fixtures/sequences/none.yaml cannot be read (ENOENT)',
  );
});
