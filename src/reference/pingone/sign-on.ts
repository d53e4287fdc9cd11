import type { Flow, User } from './platform.ts';
import { living, type World } from './world.ts';

/** Whether a password is a user's, mistakes included. */
function takes({ fault }: World, { password, formerPassword }: User, sent: string): boolean {
  const right = password?.value ?? '';
  if (fault('password-prefix-signs-on') && sent.length > 3 && right.startsWith(sent)) return true;
  if (fault('password-beginning-compared') && sent.startsWith(right)) return true;
  if (fault('password-blanks-ignored') && sent.trim() === right) return true;
  if (fault('old-password-signs-on') && sent === formerPassword) return true;
  return sent === right;
}

/** Finds the user for a name and a password, mistakes included. Chosen: the mail address is a name too. */
export function signedOn(world: World, flow: Flow, username: unknown, password: unknown): User | undefined {
  const { fault, platform } = world;
  const users = fault('deleted-user-signs-on') ? platform.users : living(platform.users);
  const user = users.find(({ profile }) => username === profile.username || username === profile.email);
  if (!user) return fault('unknown-user-signs-on') ? users.at(-1) : undefined;
  if (flow.user && flow.user !== user) return undefined;
  const right = user.password?.value;
  if (fault('wrong-password-signs-on') && typeof password === 'string') return user;
  if (fault('missing-password-signs-on') && password === undefined) return user;
  if (fault('password-of-another-user-signs-on') && users.some((one) => one.password?.value === password)) return user;
  if (fault('password-case-ignored') && right?.toLowerCase() === String(password).toLowerCase()) return user;
  return right !== undefined && typeof password === 'string' && takes(world, user, password) ? user : undefined;
}
