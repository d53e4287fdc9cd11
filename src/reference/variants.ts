import type { Answer, Call, Outgoing } from './http.ts';
import { ACCOUNT_VARIANTS } from './variants/accounts.ts';
import { ERROR_VARIANTS } from './variants/errors.ts';
import { HEADER_VARIANTS } from './variants/headers.ts';
import { ID_VARIANTS } from './variants/ids.ts';
import { JSON_VARIANTS } from './variants/json.ts';
import { LINK_VARIANTS } from './variants/links.ts';
import { PINGIDM_ANSWER_VARIANTS } from './variants/pingidm-answers.ts';
import { PINGIDM_FORM_VARIANTS } from './variants/pingidm-forms.ts';
import { PINGONE_ANSWER_VARIANTS } from './variants/pingone-answers.ts';
import { PINGONE_LIST_VARIANTS } from './variants/pingone-lists.ts';
import { SESSION_VARIANTS } from './variants/sessions.ts';
import { TRANSPORT_VARIANTS } from './variants/transport.ts';
import type { Hooks, Variants } from './variants/variant.ts';
import { PINGIDM_VARIANTS, PINGONE_VARIANTS } from './variants/worlds.ts';

/**
 * Every conforming variant, with the sentence that says how it differs. They are in the order in which an answer passes
 * through them: what it says, then how it is written, then how it travels.
 */
export const VARIANTS: Variants = {
  ...PINGIDM_VARIANTS,
  ...PINGONE_VARIANTS,
  ...ACCOUNT_VARIANTS,
  ...PINGIDM_ANSWER_VARIANTS,
  ...PINGIDM_FORM_VARIANTS,
  ...PINGONE_ANSWER_VARIANTS,
  ...PINGONE_LIST_VARIANTS,
  ...ERROR_VARIANTS,
  ...SESSION_VARIANTS,
  ...ID_VARIANTS,
  ...LINK_VARIANTS,
  ...HEADER_VARIANTS,
  ...JSON_VARIANTS,
  ...TRANSPORT_VARIANTS,
};

/** The products whose answers a variant can change; both unless its name says otherwise. */
export function productsOf(name: string): string[] {
  if (/^(idm|session)-/.test(name)) return ['pingidm'];
  return /^(one|links)-|^hosts-apart$/.test(name) ? ['pingone'] : ['pingidm', 'pingone'];
}

/** Hooks of several variants as one: a call passes through them from the client's side, an answer the other way. */
export function hooksOf(names: ReadonlySet<string>): Required<Hooks> {
  const all = Object.entries(VARIANTS).flatMap(([name, { hooks }]) => (names.has(name) && hooks ? [hooks()] : []));
  const inwards = all.toReversed();
  return {
    variables: (variables) => all.reduce((value, { variables: change }) => change?.(value) ?? value, variables),
    call: (call) => inwards.reduce<Call>((value, { call: change }) => change?.(value) ?? value, call),
    instead: (call) => inwards.map(({ instead }) => instead?.(call)).find((answer) => answer !== undefined),
    answer: (answer, call) => all.reduce<Answer>((value, { answer: change }) => change?.(value, call) ?? value, answer),
    send: (out, call) =>
      all.reduce<Promise<Outgoing>>(
        async (value, { send }) => (send ? send(await value, call) : value),
        Promise.resolve(out),
      ),
  };
}
