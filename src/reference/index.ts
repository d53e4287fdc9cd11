import { listen, type Answer, type Call } from './http.ts';
import { nearest } from './nearest.ts';
import { pingidm, PINGIDM_FAULTS, type PingidmFault } from './pingidm/index.ts';
import { pingone, PINGONE_FAULTS, type PingoneFault } from './pingone/index.ts';
import { hooksOf, VARIANTS } from './variants.ts';
import type { PingidmVariant, PingoneVariant } from './variants/worlds.ts';

export { productsOf, VARIANTS } from './variants.ts';

/** Every named fault of behaviour, with the sentence that says what the faulty server does. */
export const FAULTS: Readonly<Record<string, string>> = { ...PINGIDM_FAULTS, ...PINGONE_FAULTS };

export interface ReferenceOptions {
  /** The product that the world is for, and the version that it plays; both products are always there. */
  product?: string;
  version?: string;
  /** Names of faults to switch on. */
  faults?: string[];
  /** Names of conforming variants to switch on. */
  variants?: string[];
  /** Port on loopback; any free one by default. */
  port?: number;
}

/** A running world: the variables that point a client at it, and how to end it. */
export interface Reference {
  variables: Record<string, string>;
  close: () => Promise<void>;
}

/**
 * Starts a fresh world on loopback that plays PingIDM and PingOne from their documentation.
 * @throws Error for a fault or a variant that does not exist
 */
export async function start(options: ReferenceOptions = {}): Promise<Reference> {
  const faults = chosen('fault', options.faults, FAULTS);
  const variants = chosen('variant', options.variants, VARIANTS);
  const idm = pingidm({
    version: options.product === 'pingidm' && options.version === '7.3.1' ? '7.3.1' : '7.5',
    fault: (name: PingidmFault) => faults.has(name),
    variant: (name: PingidmVariant) => variants.has(name),
  });
  const one = pingone({
    fault: (name: PingoneFault) => faults.has(name),
    variant: (name: PingoneVariant) => variants.has(name),
  });
  const hooks = hooksOf(variants);
  const served = (call: Call): Answer =>
    idm.api(call) ??
    one.api(call) ?? { status: 404, body: { code: 404, reason: 'Not Found', message: 'Nothing is served here' } };
  const answer = (sent: Call): Answer => {
    const instead = hooks.instead(sent);
    const call = hooks.call(sent);
    return hooks.answer(instead ?? served(call), call);
  };
  const { origin, close } = await listen(answer, hooks.send, options.port);
  return { variables: hooks.variables({ ...idm.variables(origin), ...one.variables(origin) }), close };
}

/** Names as a set. @throws Error for one that does not exist */
function chosen(what: string, names: string[] | undefined, known: Readonly<Record<string, unknown>>): Set<string> {
  const on = new Set(names);
  for (const name of on)
    if (!Object.hasOwn(known, name)) {
      const like = nearest(name, Object.keys(known));
      const hint = like === undefined ? '' : ` (did you mean '${like}'?)`;
      throw new Error(`there is no ${what} '${name}'${hint}; npm run reference -- --list shows them all`);
    }
  return on;
}
