import { own } from '../own.ts';
import { isAccountStage } from './accounts/process.ts';
import type { AuthenticationProfile, Process } from './configuration.ts';
import { constantOf, isCondition } from './conditions.ts';
import { filterOf } from './filter.ts';
import { inEffect } from './later.ts';
import { notFound, Refusal } from './refusal.ts';
import { jsonBody } from './self-service.ts';
import { objectOrUndefined } from './stage.ts';
import { isStage } from './stages.ts';
import { stored } from './stored.ts';
import type { Setting } from './settings.ts';
import type { Handler, World } from './world.ts';

/**
 * The configuration, each file under its own name: selfservice-profile.json is config/selfservice/profile. What is
 * written is in force at once.
 * @throws Refusal 404 for what is not configured, 400 for what cannot be
 * Source: the vendor's conventions for configuration over REST
 */
export const config: Handler = (world, { resource, operation, call }, match) => {
  const { fault } = world;
  const id = match[1] ?? '';
  const known = configurationOf(world, id);
  const told = (content: Setting): Record<string, unknown> =>
    fault('configuration-without-id') ? { ...content } : { _id: id, ...content };
  if (operation === 'read') {
    if (known === undefined && fault('configuration-unknown-is-empty')) return { status: 200, body: told({}) };
    if (known === undefined) throw notFound(resource);
    return { status: 200, body: told(known) };
  }
  if (operation === 'delete') {
    if (known === undefined && fault('configuration-taken-away-twice')) return { status: 200, body: told({}) };
    if (known === undefined) throw notFound(resource);
    takeAway(world, id);
    if (fault('configuration-takes-neighbours')) takeAway(world, 'selfservice/profile');
    return { status: 200, body: told(known) };
  }
  if (operation !== 'update') throw new Refusal(501, 'Not Implemented');
  const body = objectOrUndefined(jsonBody(world, call));
  if (body === undefined) throw new Refusal(400, 'The configuration is missing');
  const { _id, _rev, ...whole } = body;
  const content = stored(fault, 'configuration', whole);
  if (!fault('configuration-unchecked')) check(id, content);
  if (!fault('configuration-write-lost')) put(world, id, content);
  return { status: known === undefined ? 201 : 200, body: told(content) };
};

function configurationOf({ processes, profile, settings, shownProcesses }: World, id: string): Setting | undefined {
  if (id === 'auth.profile') return { ...profile };
  const process = Object.hasOwn(shownProcesses, id) ? shownProcesses[id] : own(processes, id);
  return process === undefined ? settings.get(id) : { ...process, stageConfigs: process.stageConfigs.map(shown) };
}

/** A stage of the operator's own is given by its class, and has no name. */
function shown(stage: Process['stageConfigs'][number]): Setting {
  const { name, ...rest } = stage;
  return 'class' in stage ? rest : { name, ...rest };
}

function put(world: World, id: string, content: Setting): void {
  const { fault, variant } = world;
  inEffect(world, variant('idm-configuration-in-effect-later'), () => {
    if (id === 'auth.profile') world.profile = content as unknown as AuthenticationProfile;
    else if (!id.startsWith('selfservice/')) world.settings.set(id, content);
    else {
      const process = content as unknown as Process;
      world.shownProcesses[id] = process;
      if (!fault('configuration-late')) restarted(world, id, () => (world.processes[id] = process));
    }
  });
}

function takeAway(world: World, id: string): void {
  inEffect(world, world.variant('idm-configuration-in-effect-later'), () => {
    world.settings.delete(id);
    world.shownProcesses[id] = undefined;
    restarted(world, id, () => delete world.processes[id]);
  });
}

/** Lets a process ask by what its configuration shows. */
function restarted(world: World, id: string, change: () => void): void {
  inEffect(world, world.variant('idm-processes-restart-later'), () => {
    change();
    if (world.processes[id] === world.shownProcesses[id]) delete world.shownProcesses[id];
  });
}

/** Chosen: what could never be carried out is refused when it is written. */
function check(id: string, content: Setting): void {
  if (id === 'auth.profile') {
    const { profileEnhancementProcesses: processes, authorizationRole, authenticationRole } = content;
    const named = Array.isArray(processes) && processes.every((one) => typeof one === 'string');
    const roles = typeof authorizationRole === 'string' && ['string', 'undefined'].includes(typeof authenticationRole);
    if (!named || !roles) throw new Refusal(400, 'Processes and role are missing');
  }
  if (!id.startsWith('selfservice/')) return;
  const { stageConfigs } = content;
  if (!Array.isArray(stageConfigs)) throw new Refusal(400, 'stageConfigs is not a list');
  for (const stage of stageConfigs) checkStage(stage);
}

function checkStage(stage: unknown): void {
  const { name, condition, onConditionTrue, onConditionFalse, attributes } = objectOrUndefined(stage) ?? {};
  if (!isStage(name) && !isAccountStage(name)) throw new Refusal(400, 'There is no such stage');
  if (name === 'attributecollection' && !Array.isArray(attributes)) throw new Refusal(400, 'No attributes to collect');
  if (name !== 'conditionaluser') return;
  const { type, amount, filter, script } = objectOrUndefined(condition) ?? {};
  if (!isCondition(type)) throw new Refusal(400, 'There is no such condition');
  if (type === 'loginCount' && typeof amount !== 'number') throw new Refusal(400, 'How many logins is missing');
  if (type === 'queryFilter') filterOf(String(filter));
  // Chosen: a script that this server would have to run is refused.
  if (type === 'script' && constantOf(objectOrUndefined(script)?.['source']) === undefined)
    throw new Refusal(400, 'The script cannot be run here');
  for (const inner of [onConditionTrue, onConditionFalse]) if (inner !== undefined) checkStage(inner);
}
