import { expect, test } from '@playwright/test';
import { fails, gradeOf } from '../../src/finding.ts';
import { productsOf, start, VARIANTS } from '../../src/reference/index.ts';
import { outline, shortcomings, tellForeign, type Told } from './support/worlds.ts';

test.describe.configure({ mode: 'parallel' }); // the longest file of all

const PRODUCTS = ['pingidm', 'pingone'];
const plain = new Map<string, Promise<string>>();

/**
 * Which stories are told: all; those that are asked for by default; or of these the ones that send the refusals of their
 * contract, which see every kind of answer.
 */
type Which = 'all' | 'by default' | 'with refusals';

const tell = (product: string, variants: string[], which: Which): Promise<Told[]> =>
  tellForeign(
    product,
    { variants },
    ({ sequence }) => which !== 'with refusals' || sequence.derives !== false,
    which === 'all',
  );

/** What concerns both products is about the form of answers: one story of each has them all. */
const storiesFor = (products: string[]): Which => (products.length > 1 ? 'with refusals' : 'by default');

/** Which stories are told there: several variants of PingIDM change what other stories than the default one set up. */
const WIDEST: Record<string, Which> = { pingone: 'all', pingidm: 'by default' };

/** The products that every one of the variants can change. */
const commonTo = (names: string[]): string[] =>
  PRODUCTS.filter((product) => names.every((name) => productsOf(name).includes(product)));

/** What the plain server's answers look like, for comparing. */
function plainOutline(product: string, which: Which): Promise<string> {
  const key = `${product} ${which}`;
  const known = plain.get(key) ?? tell(product, [], which).then(outline);
  plain.set(key, known);
  return known;
}

async function expectConforming(product: string, variants: string[], which: Which): Promise<string> {
  const told = await tell(product, variants, which);
  expect(told.length, `stories of ${product}`).toBeGreaterThan(0);
  expect(shortcomings(told)).toEqual([]);
  const firm = told
    .flatMap(({ reports }) => reports.flatMap((report) => report.findings))
    .filter((finding) => fails(gradeOf(finding, { strict: true, undocumented: 'report' })))
    .filter(({ basis }) => basis !== 'recorded' && basis !== 'assumed');
  expect(firm).toEqual([]);
  return outline(told);
}

test.describe('A server conforms, whatever it does with what is left open', () => {
  for (const product of PRODUCTS)
    test(`The plain server of ${product} conforms.`, async () => {
      expect(await expectConforming(product, [], 'all')).not.toBe('');
    });

  for (const [name, { says, unseen }] of Object.entries(VARIANTS))
    test(says, { annotation: { type: 'variant', description: name } }, async () => {
      const products = productsOf(name);
      const which = storiesFor(products);
      const differs: boolean[] = [];
      for (const product of products)
        differs.push((await expectConforming(product, [name], which)) !== (await plainOutline(product, which)));
      // A variant that changes nothing proves nothing.
      expect(differs.includes(true), 'the answers differ from those of the plain server').toBe(unseen === undefined);
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
    'one-lists-reversed',
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

test.describe('A server conforms with several things left open at once', () => {
  for (const [says, names] of Object.entries(COMBINATIONS))
    test(says, async () => {
      const products = commonTo(names);
      for (const product of products) {
        const which = WIDEST[product] ?? 'by default';
        expect(await expectConforming(product, names, which)).not.toBe(await plainOutline(product, which));
      }
      expect(products).not.toEqual([]);
    });
});

test.describe('The list of variants', () => {
  test('each variant of PingOne is told with everything that can be asked for, beside others', () => {
    const told = Object.values(COMBINATIONS).flat();
    const left = Object.keys(VARIANTS).filter((name) => /^(one|links)-|^hosts/.test(name) && !told.includes(name));
    expect(left).toEqual([]);
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
