import { randomBytes } from 'node:crypto';
import { person, type User } from './users.ts';
import type { World } from './world.ts';

let moments = 0;

/** What other users and their administrators do between two requests of the client: log in, change, come and go. */
export function othersMove({ users, sessions, now }: World): void {
  const known = [...users.values()].find(({ attributes: { userName } }) => userName === 'bystander');
  const bystander = known ?? person('Byst4nder-Passw0rd', 24, { userName: 'bystander' });
  users.set(bystander.id, bystander);
  bystander.attributes['description'] = `changed ${(moments += 1)} times`;
  bystander.meta.loginCount += 1;
  sessions.set(randomBytes(8).toString('hex'), { account: bystander.id, started: now(), used: now() });
  const fresh = person('Fr3sh-Passw0rd', 24, { userName: `fresh-${moments}`, telephoneNumber: '1' });
  users.set(fresh.id, fresh);
  const [oldest, ...later] = [...users.values()].filter(
    ({ attributes: { userName } }) => typeof userName === 'string' && userName.startsWith('fresh-'),
  );
  if (oldest && later.length > 2) users.delete(oldest.id);
}

/** Notes on the user that it was here. */
export function seen({ now }: World, user: User | undefined): void {
  if (user) user.attributes['lastSeen'] = `${now()}.${(moments += 1)}`;
}
