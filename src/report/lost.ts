import type { TestCase, TestResult } from '@playwright/test/reporter';
import { hiddenValues } from '../environment.ts';
import { messageOf } from '../errors.ts';
import { Redactor } from '../redact.ts';
import { environmentOfRun } from '../replay.ts';
import type { StoryResult } from '../result.ts';
import { stories, type Story } from '../sequence.ts';
import { chosen, serves } from '../target.ts';
import { crashed, stepResult } from './told.ts';
import { ours } from '../shown.ts';

/** Colours that Playwright puts into messages. */
// eslint-disable-next-line no-control-regex -- they begin with one
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * The result of a test that has handed none to the reporter: its process ended, or it never began. A test that was skipped,
 * or that tells no sequence, has none.
 * @param last how the test ended, as far as it was begun
 */
export function lostResult(test: TestCase, last: TestResult | undefined): StoryResult | undefined {
  if (last?.status === 'skipped') return undefined;
  const told = storyTold(test.title);
  if (told === undefined) return undefined;
  const { story, version } = told;
  const environment = environmentOfRun();
  const { secrets, personal } = hiddenValues(environment);
  const redactor = new Redactor([...secrets, ...personal]);
  const ended = last === undefined || last.status === 'interrupted' || last.status === 'timedOut';
  const problem = messageOf(last?.errors[0]?.message?.replace(COLOURS, '') ?? 'its process ended');
  const result: StoryResult = {
    ...ofTarget(test, story, version, environment),
    story: story.id,
    title: story.sequence.title,
    product: story.product,
    version,
    required: true,
    steps: ended ? [] : [stepResult(story, crashed(story, version, { step: 0, reports: [] }, problem), redactor)],
    shapes: {},
    seen: [],
    names: [],
  };
  return ended ? { ...result, skipped: { reason: ours('the run was ended before this'), partial: true } } : result;
}

function storyTold(title: string): { story: Story; version: string } | undefined {
  for (const story of stories())
    for (const version of Object.keys(story.versions))
      if (title === `${story.sequence.title} (${story.product} ${version})`) return { story, version };
  return undefined;
}

type OfTarget = Pick<StoryResult, 'target' | 'targetName' | 'strict' | 'undocumented' | 'serves'>;

/** What a result says of the target; of shards that are merged only its name is known. */
function ofTarget(test: TestCase, story: Story, version: string, environment: Record<string, string>): OfTarget {
  const project = test.parent.project();
  const id = (project?.use as { targetId?: string } | undefined)?.targetId;
  const alias = project?.name ?? '';
  const undocumented = environment['UNDOCUMENTED'] === 'fail' ? 'fail' : 'report';
  const policy = { strict: environment['STRICT'] === 'true', undocumented } as const;
  try {
    const { file } = chosen(id ?? alias);
    const strict = policy.strict || file.world !== undefined;
    return { target: alias, targetName: file.name, ...policy, strict, serves: serves(file, environment) };
  } catch {
    return { target: alias, targetName: alias, ...policy, serves: [{ product: story.product, version }] };
  }
}
