import type { Request } from './world.ts';

/** A link as HAL writes it. */
export interface Link {
  href: string;
}

/** A link to a resource below the caller's environment, at the origin that the client called. */
export function link(request: Request, ...segments: string[]): Link {
  const { call, world } = request;
  return { href: [`${call.origin}/v1/environments/${world.environmentId}`, ...segments].join('/') };
}

/**
 * A collection as PingOne writes it. Chosen: everything fits on one page, in the order of creation.
 * @returns `{_links: {self}, _embedded: {[name]: items}, count, size}`
 * Source: pingone-api/getting-started (printed collections).
 */
export function collection(self: Link, name: string, items: unknown[]): Record<string, unknown> {
  return { _links: { self }, _embedded: { [name]: items }, count: items.length, size: items.length };
}
