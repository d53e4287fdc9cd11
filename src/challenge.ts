import { headerValues, type Came } from './transport.ts';

/**
 * Whether a server answers credentials in other headers with a demand for a bearer token (RFC 6750, section 3), as one
 * behind an access manager does: then it is not the credentials that are wrong.
 * @param names of the request's headers
 * @returns what to say and to do; undefined where that is not so
 */
export function bearerWanted(came: Came, names: string[]): string | undefined {
  if (came.status !== 401 && came.status !== 403) return undefined;
  if (names.some((name) => name.toLowerCase() === 'authorization')) return undefined;
  const schemes = headerValues(came.headers, 'www-authenticate').flatMap((one) => one.split(/,\s*/));
  if (!schemes.some((one) => /^bearer(\s|$)/i.test(one))) return undefined;
  return `it wants a bearer token (${came.status}): it, or an access manager in front of it, takes no user name and password in headers, as the documented requests send them; give the address of one that does`;
}
