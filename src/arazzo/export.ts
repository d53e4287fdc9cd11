import { contractOf } from '../contract.ts';
import { statusClaims } from '../form.ts';
import { Names } from '../names.ts';
import { pagesFile } from '../pages.ts';
import { isExpression } from '../expression.ts';
import { setUpOf, stories, storyOf, type Step, type Story } from '../sequence.ts';
import type { Arazzo, Loss, Workflow, WorkflowStep } from './document.ts';
import { forgets, workflowId, workflowStep, type Context } from './step.ts';
import { Unsayable, Words, type Given } from './words.ts';

/** A sequence as an Arazzo workflow, where the values of its inputs come from, and what it does not say. */
export interface Exported {
  story: Story;
  /** None if not a single step can be said. */
  workflow?: Workflow;
  given: Record<string, Given>;
  lost: Loss[];
}

/** The sequences of a version of a product as one Arazzo 1.0.1 document. @param url where the contract is from there */
export function arazzoOf(product: string, version: string, url: string): { document: Arazzo; exported: Exported[] } {
  const exported = stories(product)
    .filter((story) => story.versions[version] !== undefined)
    .map(withSetUps)
    .map((story) => exportStory(story, version));
  const document: Arazzo = {
    arazzo: '1.0.1',
    info: {
      title: `${product} ${version}`,
      version,
      description: 'The documented sequences, as far as Arazzo can say them. Made by npm run docs; not to be edited.',
    },
    sourceDescriptions: [{ name: 'contract', type: 'openapi', url }],
    workflows: exported.flatMap(({ workflow }) => workflow ?? []),
  };
  return { document, exported };
}

/** A sequence with the set-ups that make what it needs; how a server is configured is the reader's own affair. */
function withSetUps(story: Story): Story {
  const making = (story.sequence.given ?? []).flatMap(({ by }) => (setUpOf(by).sequence.configures ? [] : [by]));
  return making.length === 0 ? story : storyOf(story.id, making);
}

/** A step in place of which another one is exported. */
class Alternative extends Unsayable {}

/** Whether a step leaves something else behind: what comes after it need not hold without it. */
function changes({ request, answer }: Step): boolean {
  return request.method !== 'GET' && statusClaims(answer.status, 'documented').every(({ is }) => String(is)[0] === '2');
}

function exportStory(story: Story, version: string): Exported {
  const { sequence } = story;
  const names = new Names(sequence.names);
  const words = new Words(sequence, names);
  const lost: Loss[] = [];
  const said = new Map<string, WorkflowStep>();
  const context: Context = {
    ...{ story, names, words, said, contract: contractOf(story.product, version) },
    lose: (loss) => lost.push(loss),
  };
  let without: string | undefined;
  const steps = sequence.steps.flatMap((step) => {
    try {
      if (without !== undefined) throw new Unsayable(`it comes after '${without}', which changes something`);
      sayable(step, context);
      const made = workflowStep(step, context);
      said.set(step.id, made);
      const before = Array.from({ length: (step.times ?? 1) - 1 }, (_, index) => again(made, index + 1));
      return [...before, made];
    } catch (error) {
      if (!(error instanceof Unsayable)) throw error;
      lost.push({ what: 'step', step: step.id, because: error.message });
      forgets(step, context);
      if (!(error instanceof Alternative) && changes(step)) without ??= step.id;
      return [];
    }
  });
  const { given, inputs } = words;
  if (steps.length === 0) return { story, given, lost };
  const page = story.versions[version]?.page ?? '';
  const workflow: Workflow = {
    workflowId: workflowId(story),
    summary: sequence.title,
    description: `See ${pagesFile()[page]?.url ?? page}`,
    inputs: { type: 'object', properties: inputs },
    steps,
  };
  return { story, workflow, given, lost };
}

/** The same step once more, without what later steps look at. */
function again({ outputs: _, ...step }: WorkflowStep, time: number): WorkflowStep {
  return { ...step, stepId: `${step.stepId}-${time}` };
}

/** Of steps that depend on how a server is set up, the first is taken; what depends on an answer cannot be said. */
function sayable(step: Step, { names, words }: Context): void {
  if (step.when === undefined) return;
  if (isExpression(step.when.value)) throw new Unsayable('it depends on what an earlier step has answered');
  if (names.mentionedIn(step.answer.body).some((name) => words.known(name) !== undefined))
    throw new Alternative('another step does the same on a server that is set up otherwise');
}
