import { once, readFixture } from './yaml.ts';

/** A page of vendor documentation. */
export interface Page {
  product: string;
  version: string;
  title: string;
  url: string;
  /** The day it was read, as YYYY-MM-DD. */
  read: string;
  note?: string;
  /** Features whose end the page announces, and how it does. */
  deprecates?: { features: string[]; says: string };
}

/** Every page, by its key (`product-version/slug`). */
export const pagesFile = once(
  () => readFixture<Record<string, Page>>('fixtures/pages.yaml', 'fixtures/pages.schema.json').value,
);

/** What a page announces about the end of a feature of a product, with the page's address; undefined where none does. */
export function announcementOf(product: string, feature: string): string | undefined {
  const page = Object.values(pagesFile()).find(
    (one) => one.product === product && one.deprecates?.features.includes(feature),
  );
  return page?.deprecates && `${page.deprecates.says} (${page.url})`;
}
