import { countLogin, loginDocument } from './authentication.ts';
import { notFound, Refusal } from './refusal.ts';
import { otherUser, type Handler, type Request, type World } from './world.ts';

/**
 * What the server tells about itself and about the caller: ping, version, login, and what pages are shown by.
 * @throws Refusal 404 for other names
 * Source: rest-api-reference, server information; the vendor's end-user client
 */
export const info: Handler = (world, request, match) => {
  if (request.operation !== 'read') throw new Refusal(501, 'Not Implemented');
  switch (match[1]) {
    case 'ping':
      return {
        status: 200,
        body: {
          _id: 'ping',
          shortDesc: 'OpenIDM ready',
          state: world.fault('ping-state-unknown') ? 'READY' : 'ACTIVE_READY',
        },
      };
    case 'version':
      return {
        status: 200,
        body: { _id: 'version', ...(world.fault('version-missing') ? {} : { productVersion: world.version }) },
      };
    case 'uiconfig':
      return {
        status: 200,
        body: { _id: 'uiconfig', configuration: world.fault('ui-without-language') ? {} : { lang: 'en' } },
      };
    case 'login':
      return { status: 200, body: whoIsLoggedIn(world, request) };
    default:
      throw notFound(request.resource);
  }
};

function whoIsLoggedIn(world: World, request: Request): Record<string, unknown> {
  const { fault } = world;
  const { user } = request.account;
  if (user && fault('info-login-counts')) countLogin(world, user);
  const document = loginDocument(world, request);
  if (fault('info-login-without-authorization')) delete document['authorization'];
  if (user && fault('info-login-of-another-user'))
    document['authenticationId'] = otherUser(world, user).attributes['userName'];
  return document;
}
