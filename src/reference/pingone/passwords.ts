import { mediaType, readObject } from './body.ts';
import { invalidData, Refusal } from './errors.ts';
import { link } from './hal.ts';
import { moment, type User } from './platform.ts';
import { userOf } from './users.ts';
import { check, details, flag, may, need, text, type Shape } from './validation.ts';
import { living, type Handler, type Request } from './world.ts';

const PASSWORD: Shape = { value: need(text), forceChange: may(flag) };

/** The state of a password, or of none. */
function state(
  request: Request,
  user: User,
  password: { mustChange: boolean; changedAt: number } | undefined,
): Record<string, unknown> {
  const { world } = request;
  const self = link(request, 'users', user.id, 'password');
  const policy = 'a6f57fd8-0597-448c-8993-8bec226c38ef';
  return {
    _links: {
      self,
      environment: link(request),
      user: link(request, 'users', user.id),
      passwordPolicy: link(request, 'passwordPolicies', policy),
      'password.check': self,
      'password.reset': self,
      'password.set': self,
      'password.recover': self,
    },
    environment: { id: world.environmentId },
    user: { id: user.id },
    passwordPolicy: { id: policy },
    status: password === undefined ? 'NO_PASSWORD' : password.mustChange ? 'MUST_CHANGE_PASSWORD' : 'OK',
    ...(password === undefined ? {} : { lastChangedAt: moment(password.changedAt) }),
  };
}

/** Shows the state of a user's password. Source: pingone-api, read password state. */
export const readPassword: Handler = (request) => {
  const { fault, platform } = request.world;
  const user = userOf(request);
  const others = living(platform.users).filter((one) => one !== user);
  const { password } = fault('password-state-of-another') ? (others.at(-1) ?? user) : user;
  const body = state(request, user, password);
  if (fault('password-state-always-ok')) body.status = 'OK';
  if (fault('password-state-shows-password')) body.value = password?.value;
  return { status: 200, body };
};

/** Sets a user's password. Source: getting started, set the user password. */
export const setPassword: Handler = (request) => {
  const { world, call } = request;
  const { fault, platform } = world;
  const user = userOf(request);
  const media = 'application/vnd.pingidentity.password.set+json';
  // Chosen: the other password actions of this path are not played.
  if (call.body.length > 0 && mediaType(call) !== media && !fault('password-media-type-ignored'))
    throw new Refusal(415, 'INVALID_REQUEST', `A password is set as ${media}.`);
  const { kept, problems } = check(readObject(call), PASSWORD);
  const left = problems.filter(({ sent }) => !(fault('password-empty-accepted') && sent === ''));
  if (left.length > 0) throw invalidData(details(left));
  const now = world.now();
  const mustChange = kept.forceChange === true && !fault('force-change-ignored');
  const whose = fault('password-set-for-everybody') ? living(platform.users) : [user];
  if (!fault('password-not-stored'))
    for (const one of whose) {
      if (one.password) one.formerPassword = one.password.value;
      one.password = { value: String(kept.value), mustChange, changedAt: now };
    }
  const body = {
    ...state(request, user, { mustChange, changedAt: now }),
    ...(fault('password-returned') ? { value: kept.value } : {}),
  };
  return { status: 200, body };
};
