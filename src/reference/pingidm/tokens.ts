import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';
import { objectOrUndefined } from './stage.ts';
import type { User } from './users.ts';
import type { World } from './world.ts';

const LIFE_MS = 300_000;

/** What a token is good for: a process of one user, as it is configured. */
interface Place {
  process: string;
  user: User | undefined;
  /** Changes with the configuration of the process. */
  configuration: number;
}

/**
 * A token that leads back to a stage of a process. It is new each time and lasts five minutes.
 * Source: self-service-reference, self-service-flow
 */
export function issueToken(world: World, { process, stage, user, configuration }: Place & { stage: number }): string {
  const state = { jti: randomUUID(), process, stage, user: user?.id, configuration, expires: world.now() + LIFE_MS };
  const signed = `${segment({ typ: 'JWT', cty: 'JWT', alg: 'HS256' })}.${segment(state)}`;
  return `${signed}.${signature(world, signed)}`;
}

/**
 * Opens a token.
 * @returns the index of the stage it leads to
 * @throws Refusal 400 for one that was tampered with, expired, or issued for another process, user or configuration
 */
export function openToken(world: World, token: unknown, { process, user, configuration }: Place): number {
  const { fault } = world;
  const [head = '', body = '', mark = ''] = typeof token === 'string' ? token.split('.') : [];
  const genuine = Buffer.from(signature(world, `${head}.${body}`));
  const given = Buffer.from(mark);
  if (genuine.length !== given.length || !timingSafeEqual(genuine, given)) {
    if (fault('garbage-token-accepted')) return 0;
    throw new Refusal(400, 'Invalid snapshot token');
  }
  if (fault('own-token-refused')) throw new Refusal(400, 'Invalid snapshot token');
  const state = objectOrUndefined(JSON.parse(Buffer.from(body, 'base64url').toString())) ?? {};
  if (Number(state['expires']) < world.now()) throw new Refusal(400, 'Snapshot token has expired');
  // Chosen: a token serves the user it was issued to, and may be used more than once.
  const ownUser = state['user'] === user?.id || fault('token-of-another-user-accepted');
  if (state['process'] !== process || !ownUser) throw new Refusal(400, 'Invalid token');
  // Chosen: a process that was configured anew starts anew.
  if (state['configuration'] !== configuration && !fault('token-survives-reconfiguration'))
    throw new Refusal(400, 'Invalid token');
  return fault('token-opens-the-first-stage') ? 0 : Number(state['stage']);
}

function segment(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function signature(world: World, signed: string): string {
  return createHmac('sha256', world.secret).update(signed).digest('base64url');
}
