import { randomBytes } from 'node:crypto';
import type { Answer, Call } from '../../http.ts';
import { otherUser, userNamed, type World } from '../world.ts';
import type { Flow, Letter } from './flow.ts';

/** One mail that was sent, newest first. `link` leads a browser on: its fragment holds the token and the code. */
export interface Sent extends Letter {
  from: string;
  token: string;
  link?: string;
}

/** Mails a code that confirms the address. */
export function mailCode(flow: Flow, to: string, subject: string): void {
  const { fault } = flow.world;
  flow.memory.mail = to;
  flow.memory.code = fault('code-same-for-everybody') ? '123456' : randomBytes(6).toString('hex');
  if (!fault('code-not-mailed')) flow.letters.push({ to, subject, code: flow.memory.code });
}

/** Puts the letters of a request into the outbox, with the token that leads on. */
export function post(world: World, letters: Letter[], token: string): void {
  for (const letter of letters) {
    const user = userNamed(world, 'bjensen');
    const wrong = world.fault('code-mailed-to-another') && user && otherUser(world, user).attributes['mail'];
    const to = typeof wrong === 'string' && wrong !== letter.to ? wrong : letter.to;
    const link =
      letter.code === undefined ? {} : { link: `https://localhost:8443/#/?token=${token}&code=${letter.code}` };
    world.outbox.unshift({ ...letter, to, from: 'info@admin.org', token, ...link });
  }
}

/** GET /outbox?to=ADDRESS: this server delivers no mail, and shows the last that it would have sent there. */
export function outbox(world: World, { method, query }: Call): Answer {
  if (method !== 'GET') return { status: 405, body: { code: 405, reason: 'Method Not Allowed', message: 'GET it' } };
  const to = query.get('to');
  return { status: 200, body: { messages: world.outbox.filter((mail) => mail.to === to).slice(0, 1) } };
}
