import path from 'node:path';
import { ask } from './ask.ts';
import { contractOf } from './contract.ts';
import { SuiteError } from './errors.ts';
import { at } from './json.ts';
import { isLoopback } from './loopback.ts';
import { announcementOf } from './pages.ts';
import { Redactor } from './redact.ts';
import { storyOf, type Story } from './sequence.ts';
import { notSetUp } from './set-ups.ts';
import { isRequired, type Target } from './target.ts';
import { Telling } from './telling.ts';
import { parseJson, TransportError, type Transport } from './transport.ts';
import { ROOT } from './yaml.ts';

/** Why a story is not told, with what a server or the settings say in it, and whether that leaves something required unseen. */
export interface Skip {
  reason: string;
  partial: boolean;
}

/**
 * Why a story is not told to a target, and whether that leaves something required unseen: a feature that is not there,
 * or a permission to write that was not given.
 */
export async function whySkipped(story: Story, target: Target, transport: Transport): Promise<Skip | undefined> {
  const untold = whyUntold(story, target);
  if (untold !== undefined || !story.sequence.writes || target.ours) return untold;
  const reason = await production(target, transport, remoteOf(target) !== undefined);
  return reason === undefined ? undefined : { reason, partial: isRequired(story, target) };
}

/** The same as far as the settings tell, without asking the server. */
export function whyUntold(story: Story, target: Target): Skip | undefined {
  const { requires, writes, configures } = story.sequence;
  const partial = (reason: string): Skip => ({ reason, partial: isRequired(story, target) });
  for (const feature of requires) {
    const lack = target.lacks[feature];
    if (lack !== undefined) {
      const announced = announcementOf(story.product, feature);
      const reason = `${target.name} lacks ${feature}: ${lack}${announced === undefined ? '' : `; ${announced}`}`;
      // What nobody asked for leaves nothing unseen that was wanted.
      return { reason, partial: target.features.includes(feature) };
    }
    if (target.others || target.features.includes(feature)) continue;
    if (target.ours)
      throw new SuiteError(
        `target '${target.id}' must have the feature '${feature}' in features, or in lacks with a reason`,
        path.join(ROOT, 'fixtures/targets', `${target.id}.yaml`),
      );
    return { reason: `${feature} is not among the features that ${target.name} is asked for`, partial: false };
  }
  const unmade = notSetUp(story, target);
  if (unmade !== undefined) return partial(unmade);
  if (!writes || target.ours) return undefined;
  const remote = remoteOf(target);
  if (remote !== undefined && !target.allowWrites)
    return partial(`this sequence writes, and ${remote} is not on this machine: set ALLOW_WRITES=true to let it`);
  const { allowed, by } = target.configurable;
  if (!configures || allowed) return undefined;
  return partial(
    `this sequence changes how the server is configured: ${by ? `set ${by}=true to let it` : `the file of the target '${target.id}' has no variable that lets it (configurable)`}`,
  );
}

function remoteOf(target: Target): string | undefined {
  return Object.values(target.addresses).find((address) => !isLoopback(address));
}

/** What was found out about each server: it is asked once. */
const known = new Map<string, Promise<string | undefined>>();

/** Why a server that may be in production is not written to. One on this machine that does not tell is a stand-in. */
function production(target: Target, transport: Transport, remote: boolean): Promise<string | undefined> {
  const { production: rule, server } = target;
  if (!rule) return Promise.resolve(undefined);
  const asked = known.get(server) ?? typeOf(rule, target, transport, remote);
  known.set(server, asked);
  return asked;
}

async function typeOf(
  { story: id, step: stepId, at: pointer, is, unless }: NonNullable<Target['production']>,
  target: Target,
  transport: Transport,
  remote: boolean,
): Promise<string | undefined> {
  const story = storyOf(id);
  const version = Object.keys(story.versions).find((one) =>
    target.serves.some(({ version: served }) => served === one),
  );
  const step = story.sequence.steps.find((one) => one.id === stepId);
  if (!step || version === undefined)
    throw new SuiteError(`the target '${target.id}' says of production: ${id}#${stepId}, and there is no such step`);
  const contract = contractOf(story.product, version);
  const word = `set ${unless.replace('$', '')}=true to write to it all the same`;
  const unknown = (why: string): string | undefined =>
    remote
      ? `whether ${target.name} is in production could not be read (${why}), so nothing is written: ${word}`
      : undefined;
  try {
    const came = await ask(
      new Telling({ story, version, target, contract, transport, redactor: new Redactor(target.hidden) }),
      step,
    );
    const parsed = came && parseJson(came.body);
    const type = parsed && 'json' in parsed ? at(parsed.json, pointer) : undefined;
    if (type === is) return `${target.name} is of type ${is}: ${word}`;
    return typeof type === 'string'
      ? undefined
      : unknown(came ? `the answer was ${came.status}` : 'no token was given');
  } catch (error) {
    if (error instanceof TransportError) return unknown(error.message);
    throw error;
  }
}
