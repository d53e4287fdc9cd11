import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Contract } from './contract.ts';
import { entriesOf, isListed, neverSeen, seenIn } from './coverage.ts';
import { didYouMean } from './errors.ts';
import { rehearse } from './rehearsal.ts';
import { stories } from './sequence.ts';
import type { Exchange } from './telling.ts';
import { readFixture, ROOT } from './yaml.ts';

const FILE = 'fixtures/never-seen.yaml';

/** Entries that no answer of the reference target shows, and why. */
interface Group {
  because?: string;
  /** The versions of the product that they are of; all of them by default. */
  versions?: string[];
  entries: string[];
}
type NeverSeenFile = Record<string, Group[]>;

/** What the reference target has shown of one version's contract, and what not. */
export interface Coverage {
  product: string;
  version: string;
  entries: ReadonlyMap<string, string | undefined>;
  seen: ReadonlySet<string>;
  never: string[];
}

/** Tells every story to worlds of our own and looks at what came. */
export async function coverageOfReference(): Promise<Coverage[]> {
  const shown = new Map<string, { product: string; version: string; contract: Contract; exchanges: Exchange[] }>();
  for (const story of stories())
    for (const version of Object.keys(story.versions)) {
      const { contract, reports } = await rehearse(story, version);
      const key = `${story.product} ${version}`;
      const before = shown.get(key)?.exchanges ?? [];
      const exchanges = reports.filter(({ kind }) => kind !== 'probe').flatMap((report) => report.exchanges);
      shown.set(key, { product: story.product, version, contract, exchanges: [...before, ...exchanges] });
    }
  return [...shown.values()].map(({ product, version, contract, exchanges }) => {
    const entries = entriesOf(contract);
    const seen = seenIn(contract, exchanges);
    return { product, version, entries, seen, never: neverSeen(entries, seen) };
  });
}

/** The committed file. @throws SuiteError when it is not as its grammar wants it */
export function readNeverSeen(): NeverSeenFile {
  return readFixture<NeverSeenFile>(FILE, 'fixtures/never-seen.schema.json').value;
}

/** Entries that the file lacks, and entries of the file that are no longer never seen, each with the nearest that is. */
export function differences(file: NeverSeenFile, coverage: Coverage[]): { added: string[]; stale: string[] } {
  const added: string[] = [];
  const stale: string[] = [];
  for (const { product, version, entries, never } of coverage) {
    const listed = new Set(groupsOf(file, product, version).flatMap((group) => group.entries));
    const here = `${product} ${version}: `;
    added.push(...never.filter((one) => !isListed(entries, listed, one)).map((one) => here + one));
    for (const one of listed)
      if (!never.includes(one)) {
        const why = entries.has(one) ? 'is seen' : 'is not in the contract';
        stale.push(`${here}${one} ${why}${didYouMean(one, never)}`);
      }
  }
  return { added, stale };
}

function groupsOf(file: NeverSeenFile, product: string, version: string): Group[] {
  return (file[product] ?? []).filter((group) => group.versions?.includes(version) ?? true);
}

/** The file as it should be: each entry stays with the reason that it, or what it stands below, has in the old one. */
export function rewritten(old: NeverSeenFile, coverage: Coverage[]): NeverSeenFile {
  const products = [...new Set(coverage.map(({ product }) => product))];
  return Object.fromEntries(products.map((product) => [product, groups(old, product, coverage)]));
}

function groups(old: NeverSeenFile, product: string, coverage: Coverage[]): Group[] {
  const ofProduct = coverage.filter((one) => one.product === product);
  const made = new Map<string, Group & { entries: string[] }>();
  for (const entry of [...new Set(ofProduct.flatMap(({ never }) => never))].sort()) {
    const versions = ofProduct.filter(({ never }) => never.includes(entry)).map(({ version }) => version);
    const [first] = ofProduct.filter(({ version }) => versions.includes(version));
    const before =
      first &&
      groupsOf(old, product, first.version).find((group) => isListed(first.entries, new Set(group.entries), entry));
    const everywhere = versions.length === ofProduct.length;
    const key = JSON.stringify([before?.because, everywhere ? undefined : versions]);
    const group = made.get(key) ?? {
      ...(before?.because === undefined ? {} : { because: before.because }),
      ...(everywhere ? {} : { versions }),
      entries: [],
    };
    group.entries.push(entry);
    made.set(key, group);
  }
  return [...made.values()];
}

/** Writes the file. */
export function writeNeverSeen(file: NeverSeenFile): void {
  const head = `# yaml-language-server: $schema=never-seen.schema.json
# What no answer of the reference target shows of the contracts, though they name it: there nothing is proven.
# \`npm run never-seen\` writes this file anew; it only ever gets smaller.
`;
  writeFileSync(path.join(ROOT, FILE), head + stringify(file, { lineWidth: 0, singleQuote: false }));
}
