import type { Answer, Call } from '../http.ts';
import { accountProcess, isAccountProcess } from './accounts/process.ts';
import { stageContext, stageRequirements } from './processes.ts';
import { notFound, Refusal } from './refusal.ts';
import { asksSomething, objectOrUndefined, type Requirements } from './stage.ts';
import { advanceStage, complete } from './stages.ts';
import { issueToken, openToken } from './tokens.ts';
import { contentHash, type User } from './users.ts';
import type { Handler, Request, World } from './world.ts';

/**
 * A self-service process: GET reads what its first stage asks for, POST submits it.
 * @throws Refusal 404 for a process that is not configured, 501 for other methods and actions
 * Source: self-service-reference, overview and profile-rest-flow
 */
export const selfService: Handler = (world, request, match) => {
  if (isAccountProcess(world, request.resource)) return accountProcess(world, request, match);
  const { resource, operation, action } = request;
  if (!Object.hasOwn(world.processes, resource)) throw notFound(resource);
  if (operation === 'read') return read(world, resource, request.account.user);
  if (operation === 'update') throw notFound(resource);
  if (operation !== 'action') throw new Refusal(501, 'Not Implemented');
  if (action !== 'submitRequirements' && !world.fault('any-action-submits'))
    throw new Refusal(501, `Unknown action ${action}`);
  return submit(world, request);
};

/** The first stage, even when it asks for nothing: the client then submits an empty input to get on. */
function read(world: World, path: string, user: User | undefined): Answer {
  const { fault } = world;
  const owed = stageRequirements(world, user, path, 0);
  const requirements = fault('read-asks-for-nothing') ? {} : asksSomething(owed) ? owed : unowed(world, path, user);
  const content = { ...formAnswer(world, path, 0, requirements), ...(fault('read-answers-end') ? ending(world) : {}) };
  if (fault('read-leaks-user') && user)
    Object.assign(content, { user: { ...user.attributes, password: user.password } });
  if (fault('read-completes-form')) complete(stageContext(world, user, path, 0));
  const revision = String(contentHash(content));
  return { status: 200, headers: { ETag: `"${revision}"` }, body: { _id: '1', _rev: revision, ...content } };
}

/** The form for somebody who owes none: empty, but for mistakes. */
function unowed(world: World, path: string, user: User | undefined): Requirements {
  const { fault, processes } = world;
  const through = user !== undefined && stageContext(world, user, path, 0).key in user.meta.stagesCompleted;
  if (!(through ? fault('read-asks-again-after-end') : fault('read-asks-everybody'))) return {};
  const [stage] = processes[path]?.stageConfigs ?? [];
  const inner = stage?.name === 'conditionaluser' ? stage.onConditionTrue : undefined;
  const always = { [path]: { stageConfigs: inner ? [inner] : [] } };
  return stageRequirements({ ...world, processes: always }, user, path, 0);
}

function submit(world: World, { call, resource, account }: Request): Answer {
  const { fault } = world;
  const body = objectOrUndefined(jsonBody(world, call));
  const input = objectOrUndefined(body?.['input']);
  if (input === undefined) {
    if (fault('missing-input-accepted')) return { status: 200, body: ending(world, 'conditionaluser') };
    throw new Refusal(400, 'No input provided');
  }
  const user = account.user ?? (fault('write-without-session-user') ? world.lastLogin : undefined);
  const stages = world.processes[resource]?.stageConfigs ?? [];
  const configuration = contentHash(stages);
  const token = body?.['token'];
  const start = token === undefined ? 0 : openToken(world, token, { process: resource, user, configuration });
  const first = fault('next-form-shows-the-first') && stageRequirements(world, user, resource, start);
  const wasDue = asksSomething(stageRequirements(world, user, resource, 0));
  for (const [index, stage] of stages.entries()) {
    if (index < start || (index > 0 && fault('next-form-skipped'))) continue;
    const asked =
      index === start
        ? advanceStage(stageContext(world, user, resource, index), stage, input)
        : stageRequirements(world, user, resource, index);
    if (index === 0 && asked === undefined && fault('unmet-condition-ends-process') && !wasDue) break;
    if (asked === undefined || !asksSomething(asked)) continue;
    if (fault('refusal-ends-process')) break;
    const further = index > start;
    const answer = formAnswer(world, resource, index, fault('refusal-without-requirements') ? {} : asked);
    if (further && fault('next-form-otherwise-tagged')) answer['tag'] = 'next';
    if (further && first && fault('next-form-shows-the-first')) answer['requirements'] = first;
    const bare = fault('token-not-sent') || (further && fault('next-form-without-token'));
    const next = bare ? {} : { token: issueToken(world, { process: resource, stage: index, user, configuration }) };
    return { status: 200, body: { ...answer, ...next } };
  }
  return { status: 200, body: ending(world, stages.at(-1)?.name) };
}

function formAnswer(world: World, path: string, index: number, requirements: Requirements): Record<string, unknown> {
  const name = world.processes[path]?.stageConfigs[index]?.name;
  return {
    type: world.fault('form-type-wrong') ? 'attributecollection' : name,
    tag: world.fault('form-tag-wrong') ? 'started' : 'initial',
    requirements,
  };
}

function ending({ fault }: World, type?: string): Record<string, unknown> {
  const success = fault('end-success-as-text') ? 'true' : !fault('end-without-success');
  return {
    ...(type === undefined ? {} : { type }),
    tag: fault('end-tag-wrong') ? 'done' : 'end',
    status: { success },
    ...(fault('end-without-additions') ? {} : { additions: {} }),
  };
}

// Chosen: a body that is not labelled as JSON is bad input (400), like one that is not JSON.
export function jsonBody(world: World, call: Call): unknown {
  if (call.body.length === 0) return undefined;
  if (!/^application\/json\s*(;|$)/i.test(call.headers['content-type'] ?? ''))
    throw new Refusal(400, 'The request could not be processed because the content is not labelled as JSON');
  try {
    return JSON.parse(call.body.toString());
  } catch {
    if (world.fault('malformed-json-accepted')) return { input: {} };
    throw new Refusal(400, 'The request could not be processed because the content is not valid JSON');
  }
}
