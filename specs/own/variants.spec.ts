import { expect, test } from '@playwright/test';
import { fails, gradeOf } from '../../src/finding.ts';
import { productsOf, start, VARIANTS } from '../../src/reference/index.ts';
import { PINGONE_LIST_VARIANTS } from '../../src/reference/variants/pingone-lists.ts';
import { stories } from '../../src/sequence.ts';
import { outline, shortcomings, tellForeign, type Told } from './support/worlds.ts';

test.describe.configure({ mode: 'parallel', timeout: 180_000 }); // the longest file of all

const PRODUCTS = ['pingidm', 'pingone'];

/**
 * Which stories are told: all; those that are asked for by default; or of these the ones that send the refusals of their
 * contract, which see every kind of answer.
 */
type Which = 'all' | 'by default' | 'with refusals';

const tell = (product: string, variants: string[], which: Which): Promise<Told[]> =>
  tellForeign(
    product,
    { variants },
    ({ sequence }) =>
      (which !== 'with refusals' || sequence.derives !== false) &&
      !LEFT_OUT.some(
        ({ features, where }) =>
          where.some((name) => variants.includes(name)) && features.some((one) => sequence.requires.includes(one)),
      ),
    which === 'all',
  );

/** What concerns both products is about the form of answers: one story of each has them all. */
const storiesFor = (products: string[], variant: string): Which => {
  if (variant in PINGONE_LIST_VARIANTS) return 'all';
  return products.length > 1 ? 'with refusals' : 'by default';
};

/** What an operator of such a server would not ask for, and why. */
const LEFT_OUT: { features: string[]; because: string; where: string[] }[] = [
  {
    features: ['two-users'],
    because:
      'it takes two users without a telephone number who are asked for it by one form, and answered with a token',
    where: [
      'idm-another-attribute',
      'idm-asks-again-without-token',
      'idm-attribute-with-own-value',
      'idm-several-attributes',
      'idm-several-forms',
      'idm-value-stored',
      'idm-value-stored-as-sent',
      'idm-value-stored-empty',
    ],
  },
  {
    features: ['progressive-profile-forms'],
    because: 'a form that is completed after it was asked again goes on with the token that came with it',
    where: ['idm-asks-again-without-token'],
  },
  {
    features: ['run-as'],
    because: 'the recorded user does not fit the policies there',
    where: ['idm-attribute-with-own-value'],
  },
  {
    features: ['forgotten-username'],
    because: 'what a user logs in with is not the name that is told',
    where: ['idm-login-by-mail'],
  },
  {
    features: ['own-object', 'password-change'],
    because: 'users may not edit the telephone number there',
    where: ['idm-attribute-not-counted'],
  },
];

/** The products that every one of the variants can change. */
const commonTo = (names: string[]): string[] =>
  PRODUCTS.filter((product) => names.every((name) => productsOf(name).includes(product)));

const plain = new Map<string, Promise<Told[]>>();
const outlines = new Map<Told, string>();

/** What is told of the plain server, by default or all of it. */
function plainly(product: string, which: Which): Promise<Told[]> {
  const kept = which === 'all' ? which : 'by default';
  const told = plain.get(`${product} ${kept}`) ?? tell(product, [], kept);
  plain.set(`${product} ${kept}`, told);
  return told;
}

function plainOutline(told: Told): string {
  const known = outlines.get(told) ?? outline(told);
  outlines.set(told, known);
  return known;
}

/** Whether some answer in what was told is another than the plain server's. */
async function differs(product: string, told: Told[], which: Which): Promise<boolean> {
  const usual = await plainly(product, which);
  return usual.some((one) =>
    told.some((other) => other.story.id === one.story.id && outline(other) !== plainOutline(one)),
  );
}

function expectConforming(product: string, told: Told[]): void {
  expect(told.length, `stories of ${product}`).toBeGreaterThan(0);
  expect(shortcomings(told)).toEqual([]);
  const firm = told
    .flatMap(({ reports }) => reports.flatMap((report) => report.findings))
    .filter((finding) => fails(gradeOf(finding, { strict: true, undocumented: 'report' })))
    .filter(({ basis }) => basis !== 'recorded' && basis !== 'assumed');
  expect(firm).toEqual([]);
}

test.describe('A server conforms, whatever it does with what is left open', () => {
  for (const product of PRODUCTS)
    test(`The plain server of ${product} conforms.`, async () => {
      const told = await tell(product, [], 'all');
      expectConforming(product, told);
      expect(told.flatMap(({ reports }) => reports).length, 'steps').toBeGreaterThan(0);
    });

  for (const [name, { says, unseen }] of Object.entries(VARIANTS))
    test(says, { annotation: { type: 'variant', description: name } }, async () => {
      const products = productsOf(name);
      const which = storiesFor(products, name);
      const differing: boolean[] = [];
      for (const product of products) {
        const told = await tell(product, [name], which);
        expectConforming(product, told);
        differing.push(await differs(product, told, which));
      }
      // A variant that changes nothing proves nothing.
      expect(differing.includes(true), 'the answers differ from those of the plain server').toBe(unseen === undefined);
    });
});

const COMBINATIONS: Record<string, string[]> = {
  'Everything about the form of answers differs.': [
    'json-members-reversed',
    'json-members-added',
    'json-pretty',
    'json-strings-escaped',
    'json-numbers-with-exponent',
    'headers-chatty',
    'headers-repeated',
    'header-names-in-capitals',
    'media-type-in-capitals',
    'cookies-of-a-balancer',
    'gzip',
    'chunked-with-trailers',
    'slow-bytes',
    'connection-closed',
  ],
  'A busy server behind a proxy answers from afar.': [
    'served-below-a-prefix',
    'too-many-requests-now-and-then',
    'unavailable-now-and-then',
    'early-hints',
    'slow-answers',
    'brotli',
    'body-until-close',
    'header-names-in-lower-case',
    'header-order-reversed',
    'etag-and-location',
  ],
  'A company of its own has configured everything about profiles.': [
    'idm-other-component',
    'idm-other-accounts',
    'idm-other-authentication-module',
    'idm-other-roles-held',
    'idm-role-meanwhile',
    'idm-other-full-role',
    'idm-another-process-first',
    'idm-several-forms',
    'idm-several-attributes',
    'idm-form-with-more-members',
    'idm-processes-longer',
    'idm-schema-rich',
    'idm-value-stored',
    'idm-more-attributes-counted',
    'idm-others-use-it',
    'idm-activity-recorded',
    'idm-session-renewed',
    'session-cookie-in-parts',
    'ids-with-punctuation',
    'errors-in-detail',
  ],
  'A form of another attribute is asked for until it is filled.': [
    'idm-form-until-filled',
    'idm-attribute-with-own-value',
    'idm-form-without-texts',
    'idm-schema-with-nulls',
    'idm-asks-again-with-error',
    'idm-pattern-as-error',
    'idm-flags-when-nothing-is-due',
    'idm-end-with-additions',
    'ids-numeric',
    'errors-in-other-words',
  ],
  'An old environment is used by many.': [
    'one-policies-of-others',
    'one-policies-come-and-go',
    'one-things-of-the-pages',
    'one-lists-reversed',
    'one-list-links-say-the-page',
    'one-counts-absent',
    'one-login-with-defaults',
    'one-times-shown',
    'one-default-as-string',
    'one-token-type-in-lower-case',
    'one-token-from-another-environment',
    'one-deletes-answer-with-body',
    'one-hal-media-type',
    'ids-short',
    'links-without-host',
    'links-added',
    'links-with-more-members',
    'errors-conflicts-as-409',
    'json-nulls-added',
  ],
  'A small environment comes in pages.': [
    'one-lists-in-pages',
    'one-policies-of-others',
    'one-empty-lists-bare',
    'one-mfa-without-recovery',
    'one-login-without-hidden',
    'one-tokens-long',
    'one-last-action-deletable',
    'links-to-another-host',
    'errors-unknown-as-403',
    'errors-in-short',
    'json-members-volatile',
    'json-numbers-with-fraction',
    'deflate',
  ],
  'A gateway puts requests right and answers in its own way.': [
    'one-lenient-about-bodies',
    'one-list-items-lean',
    'one-disputed-members-dropped',
    'one-ids-in-bodies-refused',
    'one-client-secret-with-punctuation',
    'one-client-authenticates-by-form',
    'one-attribute-members-added',
    'one-times-null',
    'one-members-null',
    'one-deletes-accepted',
    'one-token-lives-otherwise',
    'one-tokens-opaque',
    'links-below-a-prefix',
    'hosts-apart',
    'errors-bad-input-as-422',
    'ids-with-punctuation',
    'no-content-with-media-type',
    'media-type-with-charset',
    'header-values-padded',
    'chunked',
  ],
  'Users log in by mail, and owe another form afterwards.': [
    'idm-login-by-mail',
    'idm-another-process-last',
    'idm-latest-token-only',
    'idm-nothing-protected',
    'idm-other-address-of-client',
    'idm-revisions-of-another-form',
    'idm-completeness-unrounded',
    'idm-form-with-other-texts',
    'idm-policy-as-forbidden',
    'idm-ids-with-blanks',
    'session-cookie-of-another-name',
    'session-cookie-with-attributes',
    'errors-unknown-as-410',
  ],
  'A form takes any text, and asks again with nothing beside.': [
    'idm-another-attribute',
    'idm-value-stored-empty',
    'idm-lenient-about-values',
    'idm-schema-bare',
    'idm-asks-again-without-token',
    'idm-users-without-revision',
    'idm-session-without-cookie',
    'session-cookie-quoted',
    'ids-like-addresses',
  ],
  'Profiles are complete before they are asked for.': [
    'idm-value-stored-as-sent',
    'idm-profile-completed-whole',
    'idm-attribute-not-counted',
    'idm-user-name-recased',
    'idm-users-rich',
    'idm-tokens-long',
    'idm-processes-shorter',
    'idm-failures-one-by-one',
    'idm-questions-in-another-order',
    'idm-session-for-anonymous-too',
    'session-cookie-bare',
    'ids-of-the-pages',
  ],
  'Ids are long, pages are linked by a query, and strangers are told little.': [
    'one-lists-in-pages',
    'one-next-link-is-a-query',
    'links-without-scheme',
    'ids-long',
    'errors-unknown-as-400',
    'errors-forbidden-as-404',
    'errors-credentials-as-403',
    'media-type-spaced',
    'reason-phrases-differ',
    'connection-short-lived',
    'compressed-twice',
    'json-numbers-in-double-precision',
  ],
};

/** They would make each story of a combination wait for seconds, or keep it from configuring anything. */
const ALONE = [
  'too-many-requests-for-a-second',
  'idm-configuration-in-effect-later',
  'idm-processes-restart-later',
  'one-created-is-found-later',
  'idm-configuration-unreadable',
  'idm-configuration-of-another-shape',
];

test.describe('A server conforms with several things left open at once', () => {
  for (const [says, names] of Object.entries(COMBINATIONS))
    test(says, async () => {
      const products = commonTo(names);
      for (const product of products) {
        const told = await tell(product, names, 'all');
        expectConforming(product, told);
        expect(await differs(product, told, 'by default'), product).toBe(true);
      }
      expect(products).not.toEqual([]);
    });
});

test.describe('The list of variants', () => {
  test('each variant is told with everything that can be asked for, beside others', () => {
    const told = [...Object.values(COMBINATIONS).flat(), ...ALONE];
    expect(Object.keys(VARIANTS).filter((name) => !told.includes(name))).toEqual([]);
  });

  test('what is left out for a variant is a feature that there is', () => {
    const known = PRODUCTS.flatMap((product) => stories(product).flatMap(({ sequence }) => sequence.requires));
    for (const { features, where } of LEFT_OUT) {
      expect(features.filter((name) => !known.includes(name))).toEqual([]);
      expect(where.filter((name) => !(name in VARIANTS))).toEqual([]);
    }
  });

  test('a variant or a fault that does not exist is told with the nearest that does', async () => {
    await expect(start({ variants: ['gzipped'] })).rejects.toThrow("'gzipped' (did you mean 'gzip'?)");
    await expect(start({ faults: ['write-lots'] })).rejects.toThrow("'write-lots' (did you mean 'write-lost'?)");
    await expect(start({ faults: ['0'] })).rejects.toThrow("there is no fault '0'; npm run reference -- --list");
  });

  test('there are at least 35 variants, each with a sentence of its own', () => {
    const sentences = Object.values(VARIANTS).map(({ says }) => says);
    expect(sentences.length).toBeGreaterThanOrEqual(35);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const says of sentences) expect(says).toMatch(/^[A-Z].*\.$/);
  });
});
