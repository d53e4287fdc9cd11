import { loginDocument } from './authentication.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Handler } from './world.ts';

/**
 * What the server tells about itself and about the caller: ping, version, login.
 * @throws Refusal 404 for other names
 * Source: rest-api-reference, server information
 */
export const info: Handler = (world, request, match) => {
  if (request.operation !== 'read') throw new Refusal(501, 'Not Implemented');
  switch (match[1]) {
    case 'ping':
      return { status: 200, body: { _id: 'ping', shortDesc: 'OpenIDM ready', state: 'ACTIVE_READY' } };
    case 'version':
      return { status: 200, body: { _id: 'version', productVersion: world.version } };
    case 'login':
      return { status: 200, body: loginDocument(world, request) };
    default:
      throw notFound(request.resource);
  }
};
