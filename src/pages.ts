import { readFixture, type YamlFile } from './yaml.ts';

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

let cached: YamlFile<Record<string, Page>> | undefined;

/** Every page, by its key (`pingidm-7.5/profile-rest-flow`). */
export function pagesFile(): Record<string, Page> {
  cached ??= readFixture<Record<string, Page>>('fixtures/pages.yaml', 'fixtures/pages.schema.json');
  return cached.value;
}
