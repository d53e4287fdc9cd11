import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { contractOf } from '../../src/contract.ts';
import { child, isObject, type Json } from '../../src/json.ts';
import { prove, sumOf, tableOf, type Proof } from '../../src/kill-matrix.ts';
import { rehearse, type Mode } from '../../src/rehearsal.ts';
import { stories, type Story } from '../../src/sequence.ts';
import { targetFiles } from '../../src/target.ts';
import { readYaml, ROOT } from '../../src/yaml.ts';

test.describe.configure({ timeout: 300_000 });

const TOLD = stories().flatMap((story) => Object.keys(story.versions).map((version) => ({ story, version })));

/** Whether a version's answers are judged as those of an earlier one in the list: by the same places of contracts, nothing lost. */
function isJudgedAlike({ story, version }: (typeof TOLD)[0]): boolean {
  const by = (one: string): string => {
    const places = story.sequence.steps.map(
      ({ operation }) => contractOf(story.product, one).operation(operation).place,
    );
    return JSON.stringify([places.map(({ file, pointer }) => file + pointer), story.versions[one]?.lost]);
  };
  const all = Object.keys(story.versions);
  return all.slice(0, all.indexOf(version)).some((earlier) => by(earlier) === by(version));
}
const proofs = new Map<string, Proof>();

async function proofOf(story: Story, version: string, mode: Mode): Promise<Proof> {
  const key = `${story.id} ${version} ${mode}`;
  const proof = proofs.get(key) ?? (await prove(story, version, mode));
  proofs.set(key, proof);
  return proof;
}

for (const { story, version } of TOLD) {
  // Where nothing is left to a target's configuration, an answer is judged in the same way everywhere.
  const everyMode: Mode[] = story.sequence.configured ? ['ours', 'foreign'] : ['ours'];
  for (const mode of isJudgedAlike({ story, version }) ? [] : everyMode)
    test(`no altered answer passes: ${story.id} ${version}, ${mode === 'ours' ? 'in a world of our own' : 'as any server'}`, async () => {
      const proof = await proofOf(story, version, mode);
      const survivors = proof.survivors.map(
        ({ step, line, pointer, ways }) => `${step} ${pointer} (${story.yaml.name}:${line}): ${ways.join('; ')}`,
      );
      await test.info().attach('kill-matrix', { body: tableOf(proof.matrix), contentType: 'text/plain' });
      await test.info().attach('kill-matrix data', { body: JSON.stringify(proof), contentType: 'application/json' });
      expect(proof.unaltered, 'findings of answers that nobody altered').toEqual([]);
      expect(proof.refused, 'answers that are refused because of an added member').toEqual([]);
      expect(survivors, 'altered answers that nothing found').toEqual([]);
      expect(proof.stale, 'excuses that no alteration needs').toEqual([]);
    });

  const { lacks = {} } = targetFiles()[story.product]?.value ?? {};
  if (!story.sequence.requires.some((feature) => feature in lacks))
    test(`no answer is found fault with: ${story.id} ${version}, as any server`, async () => {
      expect(await foundElsewhere(story, version)).toEqual([]);
    });
}

/** What is found where a story is told to a server that conforms. */
async function foundElsewhere(story: Story, version: string): Promise<string[]> {
  const { reports } = await rehearse(story, version, 'foreign');
  return reports.flatMap(({ id, findings }) => findings.map(({ kind, where }) => `${id} ${kind} ${where}`));
}

test('a step that is no longer held to its printed body lets altered answers pass, and an idle excuse is named', async () => {
  const story = stories().find((one) => one.id === 'pingidm/progressive-profile');
  const last = story?.sequence.steps.at(-1);
  const steps = (story?.sequence.steps ?? []).map((step) =>
    step === last ? { ...step, answer: { status: 200 }, also: [], vary: { '/typ': { because: 'misspelt' } } } : step,
  );
  const [version = ''] = Object.keys(story?.versions ?? {});
  const proof = await prove(
    { ...(story as Story), sequence: { ...(story as Story).sequence, steps } },
    version,
    'ours',
  );
  expect(new Set(proof.survivors.map(({ step }) => step))).toEqual(new Set([last?.id]));
  expect(proof.stale).toEqual([`${last?.id ?? ''} /typ (did you mean '/type'?)`]);
});

/** Every `x-free` of the contracts, by file and pointer. */
function marksOfContracts(): string[] {
  return readdirSync(path.join(ROOT, 'contracts'), { recursive: true })
    .map((file) => `contracts/${String(file).split(path.sep).join('/')}`)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => marksIn(readYaml(file).value, '').map((pointer) => `${file}#${pointer}`));
}

function marksIn(value: Json, pointer: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => marksIn(one, child(pointer, index)));
  if (!isObject(value)) return [];
  const inside = Object.entries(value).flatMap(([name, one]) => marksIn(one, child(pointer, name)));
  return 'x-free' in value ? [pointer, ...inside] : inside;
}

test('every x-free of the contracts lets some altered answer pass', async () => {
  const proved = TOLD.filter((one) => !isJudgedAlike(one));
  const all = await Promise.all(proved.map(({ story, version }) => proofOf(story, version, 'ours')));
  const used = new Set(all.flatMap(({ excuses }) => excuses.map(({ excuse }) => excuse)));
  const table = tableOf(sumOf(all.map(({ matrix }) => matrix)));
  await test.info().attach('kill-matrix', { body: table, contentType: 'text/plain' });
  expect(marksOfContracts().filter((mark) => !used.has(mark))).toEqual([]);
});
