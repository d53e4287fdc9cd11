import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import { objectOrUndefined } from '../stage.ts';
import type { World } from '../world.ts';

/** What a token is for: the two are never taken for each other. */
export type Purpose = 'snapshot' | 'credential';

const LIFE_MS = 300_000;
const OUTER = { typ: 'JWT', cty: 'JWT', alg: 'HS256' };
const INNER = { typ: 'JWT', enc: 'A128CBC-HS256', alg: 'RSA1_5' };

/**
 * Seals content into a signed token around an encrypted one, new each time, good for five minutes.
 * Chosen: the content key is the world's own, so the segment for a wrapped key holds chance.
 * Source: self-service-reference, self-service-flow (snapshotToken), and a recorded token
 */
export function seal(world: World, purpose: Purpose, content: Record<string, unknown>): string {
  const claims = JSON.stringify({ purpose, expires: world.now() + LIFE_MS, ...content });
  const inner = world.fault('snapshot-readable') ? claims : encrypted(world, claims);
  const signed = `${base64(JSON.stringify(OUTER))}.${base64(inner)}`;
  return `${signed}.${signature(world, signed)}`;
}

/**
 * Opens a token.
 * @throws Refusal 400 for one that is none, was tampered with, has expired or is for another purpose
 */
export function unseal(world: World, purpose: Purpose, token: unknown): Record<string, unknown> {
  const { fault } = world;
  const [head = '', body = '', mark = ''] = typeof token === 'string' ? token.split('.') : [];
  const given = Buffer.from(mark);
  const genuine = Buffer.from(signature(world, `${head}.${body}`));
  const good = genuine.length === given.length && timingSafeEqual(genuine, given);
  if (!good && !(fault('snapshot-signature-ignored') && body !== '')) throw new Refusal(400, 'Invalid snapshot token');
  const claims = objectOrUndefined(opened(world, Buffer.from(body, 'base64url').toString())) ?? {};
  if (Number(claims['expires']) < world.now()) throw new Refusal(400, 'Snapshot token has expired');
  const mixed = purpose === 'snapshot' ? fault('credential-as-snapshot') : fault('snapshot-as-credential');
  if (claims['purpose'] !== purpose && !mixed) throw new Refusal(400, 'Invalid token');
  return claims;
}

function opened(world: World, inner: string): unknown {
  try {
    return JSON.parse(inner.startsWith('{') ? inner : decrypted(world, inner));
  } catch {
    throw new Refusal(400, 'Invalid snapshot token');
  }
}

function encrypted(world: World, text: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', key(world), iv);
  const content = Buffer.concat([cipher.update(text), cipher.final()]);
  const head = base64(JSON.stringify(INNER));
  const tag = signature(world, head + content.toString('base64url')).slice(0, 22);
  return [head, randomBytes(256).toString('base64url'), base64(iv), base64(content), tag].join('.');
}

function decrypted(world: World, inner: string): string {
  const [, , iv = '', content = ''] = inner.split('.');
  const cipher = createDecipheriv('aes-128-cbc', key(world), Buffer.from(iv, 'base64url'));
  return Buffer.concat([cipher.update(Buffer.from(content, 'base64url')), cipher.final()]).toString();
}

function key({ secret }: World): Buffer {
  return createHash('sha256').update(secret).digest().subarray(0, 16);
}

function base64(content: string | Buffer): string {
  return Buffer.from(content).toString('base64url');
}

function signature({ secret }: World, signed: string): string {
  return createHmac('sha256', secret).update(signed).digest('base64url');
}
