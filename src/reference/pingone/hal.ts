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
 * A collection as PingOne writes it. Chosen: everything fits on one page, in the order of creation, unless a variant says otherwise.
 * @returns `{_links: {self}, _embedded: {[name]: items}, count, size}`
 * Source: pingone-api/getting-started (printed collections).
 */
export function collection(
  { world, call }: Request,
  self: Link,
  name: string,
  items: unknown[],
): Record<string, unknown> {
  const { fault, variant } = world;
  const all = variant('one-lists-reversed') ? items.toReversed() : items;
  const bare = variant('one-next-link-is-a-query');
  if (!bare && !variant('one-lists-in-pages'))
    return {
      _links: { self },
      _embedded: { [name]: all },
      count: all.length,
      size: all.length + (fault('list-size-wrong') ? 1 : 0),
    };
  const from = Number(call.query.get('cursor') ?? 0);
  // What the list was asked for goes for its pages too.
  const asked = new URLSearchParams(call.query);
  asked.set('cursor', String(from + 1));
  const next = { href: `${bare ? '' : self.href}?${asked.toString().replaceAll('+', '%20')}` };
  return {
    _links: { self, ...(from + 1 < all.length ? { next } : {}) },
    _embedded: { [name]: all.slice(from, from + 1) },
    count: all.length,
    size: 1,
  };
}
