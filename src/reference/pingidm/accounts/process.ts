import type { Answer } from '../../http.ts';
import { Refusal } from '../refusal.ts';
import { jsonBody } from '../self-service.ts';
import { asksSomething, objectOrUndefined, type Requirements } from '../stage.ts';
import { contentHash } from '../users.ts';
import type { Handler, Request, World } from '../world.ts';
import { stagesOf, type AccountProcess, type AccountStageConfiguration } from './configuration.ts';
import type { AccountStage, AccountStages, Flow, Memory } from './flow.ts';
import { post } from './mail.ts';
import { recovery } from './recovery.ts';
import { merged, registration } from './registration.ts';
import { seal, unseal } from './snapshot.ts';

const STAGES: AccountStages = {
  ...recovery,
  ...registration,
  allInOneRegistration: {
    ask: (flow, { stages }) => inOnePage(flow, stages),
    take: (flow, { stages }, input) => {
      const again = stages.map((stage) => stageOf(stage).take?.(flow, stage, input));
      const asked = again.filter((one) => one !== undefined);
      const error = asked.find((one) => 'error' in one)?.['error'];
      if (asked.length === 0) return undefined;
      return { ...inOnePage(flow, stages), ...(error === undefined ? {} : { error }) };
    },
  },
};

function inOnePage(flow: Flow, stages: AccountStageConfiguration[]): Requirements {
  const kept = flow.world.fault('all-in-one-forgets-a-stage') ? stages.slice(0, -1) : stages;
  return merged(kept.map((stage) => ({ name: stage.name, requirements: stageOf(stage).ask?.(flow, stage) ?? {} })));
}

function stageOf({ name }: AccountStageConfiguration): AccountStage<AccountStageConfiguration> {
  return STAGES[name] as AccountStage<AccountStageConfiguration>;
}

/** The process at that path when it is about an account that nobody has logged in to. */
function processAt({ processes }: World, path: string): AccountProcess | undefined {
  const process = processes[path] as unknown as AccountProcess | undefined;
  const [first] = process?.stageConfigs ?? [];
  return first && Object.hasOwn(STAGES, first.name) ? process : undefined;
}

/** Whether there is such a stage. */
export function isAccountStage(name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(STAGES, name);
}

/** Whether a process is one of these. */
export function isAccountProcess(world: World, path: string): boolean {
  return processAt(world, path) !== undefined;
}

/**
 * A process about an account: its stages run in the order in which they are configured.
 * @throws Refusal 501 for other methods and actions, 400 for input that a stage cannot take
 * Source: self-service-reference, overview and self-service-flow
 */
export const accountProcess: Handler = (world, request) => {
  const { resource, operation, action } = request;
  const process = processAt(world, resource);
  if (process === undefined) throw new Refusal(404, `Resource '${resource}' not found`);
  if (operation === 'read') return read(world, resource, process);
  if (operation !== 'action') throw new Refusal(501, 'Not Implemented');
  if (action !== 'submitRequirements') throw new Refusal(501, `Unknown action ${action}`);
  return submit(world, request, process);
};

function read(world: World, path: string, process: AccountProcess): Answer {
  const { fault } = world;
  const [first, second] = stagesOf(process);
  const stage = fault('parameters-stage-skipped') && first?.name === 'parameters' ? second : first;
  const flow: Flow = { world, process: path, memory: {}, additions: {}, letters: [] };
  const content = {
    type: stage?.name,
    tag: 'initial',
    requirements: (stage && stageOf(stage).ask?.(flow, stage)) ?? {},
    ...(fault('process-token-in-read') ? { token: snapshot(flow, process, 0) } : {}),
  };
  const revision = fault('process-revision-constant') ? '' : String(contentHash(content));
  return { status: 200, headers: { ETag: `"${revision}"` }, body: { _id: '1', _rev: revision, ...content } };
}

function submit(world: World, { call, resource }: Request, process: AccountProcess): Answer {
  const { fault } = world;
  const body = objectOrUndefined(jsonBody(world, call));
  const input = objectOrUndefined(body?.['input']);
  if (input === undefined) throw new Refusal(400, 'No input provided');
  const begun = body?.['token'];
  const { index, memory } = begun === undefined ? { index: 0, memory: {} } : opened(world, resource, process, begun);
  const flow: Flow = { world, process: resource, memory, additions: {}, letters: [] };
  const stages = stagesOf(process);
  try {
    const { at, asked } = advanced(flow, stages, index, input, begun === undefined);
    return {
      status: 200,
      body: asked === undefined ? ending(flow, stages, process) : going(flow, stages, process, at, asked),
    };
  } catch (error) {
    if (!(error instanceof Refusal) || !fault('refusal-carries-token')) throw error;
    const stage = stages[index];
    return {
      status: 200,
      body: going(flow, stages, process, index, (stage && stageOf(stage).ask?.(flow, stage)) ?? {}),
    };
  }
}

/** Hands the input to a stage and goes on to the next one that asks for something. */
function advanced(
  flow: Flow,
  stages: AccountStageConfiguration[],
  from: number,
  input: Record<string, unknown>,
  begins: boolean,
): { at: number; asked?: Requirements } {
  const { fault } = flow.world;
  const first = stages[from];
  if (begins && first) stageOf(first).enter?.(flow, first);
  const again = first && stageOf(first).take?.(flow, first, input);
  if (again !== undefined) {
    if (fault('snapshot-forgets-when-asked-again')) flow.memory = {};
    return { at: from, asked: again };
  }
  for (const [at, stage] of stages.entries()) {
    if (at <= from || (fault('stage-skipped') && first?.name === 'userQuery' && at === from + 1)) continue;
    stageOf(stage).enter?.(flow, stage);
    const asked = stageOf(stage).ask?.(flow, stage) ?? {};
    if (asksSomething(asked)) return { at, asked };
  }
  return { at: stages.length };
}

function going(
  flow: Flow,
  stages: AccountStageConfiguration[],
  process: AccountProcess,
  at: number,
  requirements: Requirements,
): Record<string, unknown> {
  const { fault } = flow.world;
  const stage = stages[at];
  const token = snapshot(flow, process, at);
  post(flow.world, flow.letters, token);
  return {
    type: stage?.name,
    tag: (stage && stageOf(stage).tag?.(flow)) ?? 'initial',
    ...(fault('process-without-requirements') ? {} : { requirements }),
    ...(fault('process-token-missing') ? {} : { token }),
  };
}

function ending(flow: Flow, stages: AccountStageConfiguration[], process: AccountProcess): Record<string, unknown> {
  const { fault } = flow.world;
  post(flow.world, flow.letters, '');
  return {
    type: stages.at(fault('process-end-type-of-first-stage') ? 0 : -1)?.name,
    tag: 'end',
    status: { success: !fault('process-end-unsuccessful') },
    ...(fault('process-end-without-additions') ? {} : { additions: flow.additions }),
    ...(fault('process-token-with-end') ? { token: snapshot(flow, process, 0) } : {}),
  };
}

// Chosen: a token may be used more than once, and belongs to the configuration that it was issued under.
function snapshot({ world, process: path, memory }: Flow, process: AccountProcess, index: number): string {
  const token = seal(world, 'snapshot', { path, index, memory, configuration: contentHash(process) });
  if (!world.fault('snapshot-constant')) return token;
  world.firstToken ??= token;
  return world.firstToken;
}

function opened(
  world: World,
  path: string,
  process: AccountProcess,
  token: unknown,
): { index: number; memory: Memory } {
  const { fault } = world;
  try {
    if (fault('snapshot-not-taken')) throw new Refusal(400, 'Invalid token');
    const content = unseal(world, 'snapshot', token);
    const foreign = content['path'] !== path || content['configuration'] !== contentHash(process);
    if (foreign && !fault('snapshot-of-another-process') && !fault('credential-as-snapshot'))
      throw new Refusal(400, 'Invalid token');
    return { index: Number(content['index'] ?? 0), memory: content['memory'] ?? {} };
  } catch (error) {
    if (fault('snapshot-garbage-restarts')) return { index: 0, memory: {} };
    throw error;
  }
}
