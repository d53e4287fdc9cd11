import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'dotenv';
import { Contract } from '../../src/contract.ts';
import { contractOf } from '../../src/contract.ts';
import { at, type JsonObject } from '../../src/json.ts';
import { sentenceFiles } from '../../src/ledger.ts';
import { isName, Names } from '../../src/names.ts';
import { printedText } from '../../src/printed.ts';
import { pagesFile } from '../../src/pages.ts';
import { stories, storyOf, type Story } from '../../src/sequence.ts';
import { madeBy } from '../../src/set-ups.ts';
import { targetFiles, type TargetFile } from '../../src/target.ts';
import { readYaml } from '../../src/yaml.ts';
import { ROOTS } from './support/contracts.ts';
import { filesUnder, textOf } from './support/files.ts';
import {
  againstContract,
  astray,
  derivedIds,
  idleErrata,
  loosePointers,
  sentencesOf,
  templatesOf,
  textsIn,
  TOLD,
  unknownSteps,
  unmarked,
  untraceable,
  unusedLiterals,
} from './support/stories.ts';

const variables = (readYaml('fixtures/environment.schema.json').value as JsonObject)['properties'] as Record<
  string,
  { description?: string; examples?: string[]; default?: string }
>;

/** Whether a target is told a story: it serves the version, and lists what the story requires or nothing at all. */
function tells({ serves, features, lacks = {} }: TargetFile, { product, sequence }: Story, version: string): boolean {
  const offered = Array.isArray(features) ? features : sequence.requires.filter((feature) => !(feature in lacks));
  return (
    serves.some((one) => one.product === product && one.versions.some((v) => v === version || v.startsWith('$'))) &&
    sequence.requires.every((feature) => offered.includes(feature))
  );
}

const repeated = (list: string[]): string[] => list.filter((one, index) => list.indexOf(one) !== index);

test('every file under fixtures is of a kind that has a grammar, and obeys it', () => {
  const read = [
    ...stories().map((story) => story.yaml.name),
    ...stories().flatMap(({ sequence }) => (sequence.given ?? []).map(({ by }) => `fixtures/set-ups/${by}.yaml`)),
    ...filesUnder('fixtures/forms', '.yaml'), // read with each sequence that names one
    ...Object.values(targetFiles()).map((file) => file.name),
    ...sentenceFiles().map((file) => file.name),
    'fixtures/pages.yaml',
    'fixtures/faults.yaml', // its own specs read every line of it
    'fixtures/never-seen.yaml', // likewise
    'fixtures/witnesses.yaml', // likewise
  ];
  expect(Object.keys(pagesFile())).not.toEqual([]);
  expect(filesUnder('fixtures', '.yaml')).toEqual([...new Set(read)].sort());
});

test('every sequence, target and file of sentences names its grammar for editors', () => {
  const files = ['forms', 'sequences', 'set-ups', 'targets', 'sentences'].flatMap((folder) =>
    filesUnder(`fixtures/${folder}`),
  );
  const wrong = files.filter((file) => {
    const grammar = /^# yaml-language-server: \$schema=(\S+)\n/.exec(textOf(file))?.[1] ?? '';
    return !filesUnder('fixtures', '.json').includes(path.posix.join(path.posix.dirname(file), grammar));
  });
  expect(wrong).toEqual([]);
});

/** What a rule finds wrong in each sequence, or in each version of it. */
const inAll = (rule: (story: Story) => unknown[]): string[] =>
  stories().flatMap((story) => rule(story).map((wrong) => `${story.id}: ${JSON.stringify(wrong)}`));
const inEachVersion = (rule: (one: (typeof TOLD)[0]) => unknown[]): string[] =>
  TOLD.flatMap((one) => rule(one).map((wrong) => `${one.title}: ${JSON.stringify(wrong)}`));

test('every step is sent to the operation that it names', () => {
  expect(inEachVersion(({ story, contract }) => astray(story, contract))).toEqual([]);
});

test('a sequence speaks only of derived refusals that exist, and derives each once', () => {
  const wrong = inEachVersion(({ story, contract }) => {
    const ids = derivedIds(story, contract);
    return [...repeated(ids), ...Object.keys(story.sequence.derived ?? {}).filter((id) => !ids.includes(id))];
  });
  expect(wrong).toEqual([]);
});

test('every name has a value: bound by the targets that are told the sequence, or printed in an answer', () => {
  const wrong = inEachVersion(({ story, version, contract }) => {
    const names = new Names(story.sequence.names);
    const answers = JSON.stringify([
      ...story.sequence.steps.map(({ answer: { body = null, prints = null, picks = null } }) => [body, prints, picks]),
      ...templatesOf(story, contract),
    ]);
    const captured = names.parts(printedText(answers)).map((part) => (isName(part) ? part.name : ''));
    const told = Object.values(targetFiles()).filter(({ value }) => tells(value, story, version));
    if (told.length === 0) return ['no target is told it'];
    return told.flatMap(({ value }) => {
      const bound = [...Object.keys(value.names ?? {}), ...Object.keys(value.addresses).map((key) => `address.${key}`)];
      const made = (story.sequence.given ?? []).flatMap(({ by }) => madeBy(by));
      const known = [...bound, ...made, ...Object.keys(story.sequence.fresh ?? {}), ...captured];
      return names.all().flatMap((name) => (known.includes(name) ? [] : [`${value.name}: ${name}`]));
    });
  });
  expect(wrong).toEqual([]);
});

test('the ids of a sequence are unique', () => {
  const wrong = inAll(({ sequence: { steps, refusals = [], probes = [] } }) =>
    repeated([...steps, ...refusals, ...probes].map((one) => one.id)),
  );
  expect(wrong).toEqual([]);
});

test('a sequence says sentences, each once', () => {
  const wrong = inAll((story) => {
    const groups = sentencesOf(story);
    const odd = groups.flat().filter((says) => !/^\p{L}[\p{L}'-]*\s/u.test(says) || /\bshould\b|\.\s*$/i.test(says));
    return [...odd, ...groups.flatMap(repeated)];
  });
  expect(wrong).toEqual([]);
});

test('a sequence uses every literal of its names', () => {
  expect(inAll(unusedLiterals)).toEqual([]);
});

test('a sequence points only at values that are printed', () => {
  expect(inAll(loosePointers)).toEqual([]);
});

test('a sequence refers only to steps that exist', () => {
  expect(inAll(unknownSteps)).toEqual([]);
});

test('a sequence departs only from what is printed', () => {
  expect(inAll(idleErrata)).toEqual([]);
});

test('a sequence leaves nothing that could not be found again', () => {
  expect(inAll((story) => [...unmarked(story), ...untraceable(story)])).toEqual([]);
});

test('a sequence cites only known pages', () => {
  const wrong = inAll(({ sequence: { steps, refusals = [], unchecked = [], derived = {} } }) => {
    const own = [...steps, ...refusals, ...unchecked, ...Object.values(derived)];
    const cited = [...own, ...steps.flatMap((step) => step.also ?? [])];
    return cited.flatMap(({ page }) => (page === undefined || page in pagesFile() ? [] : [page]));
  });
  expect(wrong).toEqual([]);
});

test('a sequence pins no text of an error', () => {
  const wrong = inAll(({ sequence: { steps, refusals = [], derived = {} } }) => {
    const expectations = [
      ...steps.flatMap((step) => [step.answer, ...(step.refusedBy ?? []), ...(step.also ?? [])]),
      ...refusals.flatMap((refusal) => [refusal.answer ?? {}, ...(refusal.or ?? [])]),
      ...Object.values(derived).map((settled) => settled.answer ?? {}),
    ];
    const texts = textsIn(expectations as never).filter(
      ({ text, member, pointer }) =>
        member === '' &&
        /^(message|reason|detail|error_description)$/.test(text) &&
        // What is a structure by its schema is no text.
        at(expectations as never, `${pointer}/type`) !== 'object',
    );
    return texts.map(({ pointer }) => pointer);
  });
  expect(wrong).toEqual([]);
});

test('what sets a story up comes first, and asks for no feature', () => {
  const setUp = stories().filter(({ sequence }) => sequence.given);
  expect(setUp.length).toBeGreaterThan(0);
  for (const { id, product, sequence, versions } of setUp) {
    const { given } = sequence;
    const story = storyOf(
      id,
      (given ?? []).map(({ by }) => by),
    );
    const { sequence: told } = story;
    for (const version of Object.keys(versions)) {
      expect(astray(story, contractOf(product, version))).toEqual([]);
      expect(againstContract(story, contractOf(product, version))).toEqual([]);
    }
    expect([...untraceable(story), ...unmarked(story), ...unknownSteps(story)]).toEqual([]);
    expect(story.setUp).toBe(told.steps.length - sequence.steps.length);
    expect(told.requires).toEqual(sequence.requires);
    expect(told.steps.slice(-sequence.steps.length).map((step) => step.id)).toEqual(
      sequence.steps.map((step) => step.id),
    );
    expect(told.steps.length).toBeGreaterThan(sequence.steps.length);
  }
});

test('every page is cited by a contract or a sequence, or has sentences', () => {
  const files = ['contracts', 'fixtures/sequences', 'fixtures/sentences'].flatMap((folder) => filesUnder(folder));
  const text = files.map(textOf).join('\n');
  const unused = Object.entries(pagesFile()).filter(([key, { url }]) => !text.includes(key) && !text.includes(url));
  expect(unused.map(([key]) => key)).toEqual([]);
});

test('every version that a target serves has a contract', () => {
  const served = Object.values(targetFiles()).flatMap(({ value }) =>
    value.serves.flatMap(({ product, versions }) => versions.map((version) => `contracts/${product}/${version}.yaml`)),
  );
  expect(served.filter((file) => !file.includes('$') && !ROOTS.includes(file))).toEqual([]);
});

test('every feature of a target is required by some sequence, and the other way round', () => {
  const required = stories().flatMap((story) => story.sequence.requires);
  const operations = ROOTS.flatMap((root) => [...new Contract(root).operations.keys()]);
  const offered = Object.values(targetFiles()).flatMap(({ value }) => [
    ...(Array.isArray(value.features) ? value.features : []),
    ...Object.keys(value.lacks ?? {}).filter((lack) => !operations.includes(lack)),
  ]);
  expect([...new Set(offered)].sort()).toEqual([...new Set(required)].sort());
});

test('targets read only variables that exist', () => {
  const read = Object.values(targetFiles()).flatMap(({ name }) =>
    [...textOf(name).matchAll(/\$([A-Z][A-Z0-9_]+)|configuredBy: (\w+)/g)].map((match) => match[1] ?? match[2] ?? ''),
  );
  expect(read.filter((name) => !(name in variables))).toEqual([]);
});

test('every variable says what it is for and shows a value that it takes', () => {
  const ajv = new Ajv2020({ strictTypes: false, keywords: ['x-personal'] });
  const wrong = Object.entries(variables).filter(
    ([, { description, examples, ...schema }]) => !description || !examples?.[0] || !ajv.validate(schema, examples[0]),
  );
  expect(wrong.map(([name]) => name)).toEqual([]);
});

test('.env.example shows every variable, commented out, in the order in which they are asked for, and no other', () => {
  const text = textOf('.env.example');
  expect(parse(text)).toEqual({});
  const shown = [...text.matchAll(/^# ?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? '');
  expect(shown).toEqual(Object.keys(variables));
});

test('every grammar is a JSON Schema, which the suite takes for granted', () => {
  const ajv = new Ajv2020({ strict: false, logger: false });
  const grammars = filesUnder('fixtures', '.schema.json');
  const errors = grammars.flatMap((file) => {
    const valid = ajv.validateSchema(JSON.parse(textOf(file)) as JsonObject);
    return valid === true ? [] : [`${file}: ${ajv.errorsText()}`];
  });
  expect(errors).toEqual([]);
  expect(grammars.length).toBeGreaterThan(3);
});
