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
}

/** Every page, by its key (`product-version/slug`). */
export const pagesFile = once(
  () => readFixture<Record<string, Page>>('fixtures/pages.yaml', 'fixtures/pages.schema.json').value,
);
