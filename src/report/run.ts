import { contractOf } from '../contract.ts';
import { stepAttached, type Evidence } from '../evidence.ts';
import type { Proof } from '../kill-matrix.ts';
import type { StoryResult } from '../result.ts';
import { documentOf, inOrder, type Conformance, type StatementEntry, type StoryEntry } from './document.ts';

/** What the test of a story hands to the reporter. */
export interface Told {
  result: StoryResult;
  /** What went over the wire, masked, by the id of the step or refusal. */
  evidence: ReadonlyMap<string, Evidence[]>;
}

/** Everything that the reports of one target are made of; in whatever order the stories ended, it is the same. */
export interface Run {
  document: Conformance;
  stories: ToldStory[];
  proofs: Proof[];
}

export interface ToldStory extends Omit<StoryEntry, 'statements'> {
  statements: ToldStatement[];
}

export interface ToldStatement extends StatementEntry {
  /** Where the sequence says it: `fixtures/sequences/…yaml:line`. */
  place: string;
  /** The documentation page. */
  url: string;
  evidence: Evidence[];
}

/** @param told the stories of one target, in any order. @param proofs in any order */
export function runOf(told: Told[], proofs: Proof[]): Run {
  const document = documentOf(told.map((one) => one.result));
  const results = inOrder(told, (one) => one.result);
  return {
    document,
    stories: document.stories.map((story, index) => ({
      ...story,
      statements: story.statements.map((statement, at) => {
        const step = results[index]?.result.steps[at];
        const evidence = results[index]?.evidence.get(step?.id ?? '') ?? [];
        return { ...statement, place: step?.place ?? '', url: step?.url ?? '', evidence };
      }),
    })),
    proofs: inOrder(proofs, (one) => one),
  };
}

/** Reads what was attached to a test under the names of its steps. */
export function evidenceIn(attachments: { name: string; body?: Buffer | undefined }[]): Told['evidence'] {
  return new Map(
    attachments.flatMap(({ name, body }): [string, Evidence[]][] => {
      const step = stepAttached(name);
      return step === undefined || !body ? [] : [[step, JSON.parse(body.toString()) as Evidence[]]];
    }),
  );
}

/** Where the contract says what a statement's operation is: a file and a line; undefined where nothing was sent. */
export function contractPlace(story: ToldStory, statement: ToldStatement): { file: string; line: number } | undefined {
  const last = statement.evidence.at(-1);
  if (!last) return undefined;
  const contract = contractOf(story.product, story.version);
  const { file, pointer } = contract.operation(last.operation).place;
  return { file: contract.nameOf(file), line: contract.lineOf(file, pointer) };
}

/** `fixtures/….yaml:12` as file and line. */
export function placeOf(place: string): { file: string; line: number } {
  const [, file = place, line = '1'] = /^(.*):(\d+)$/.exec(place) ?? [];
  return { file, line: Number(line) };
}
