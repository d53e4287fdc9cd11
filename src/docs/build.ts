import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { arazzoOf, type Exported } from '../arazzo/export.ts';
import { SuiteError } from '../errors.ts';
import { redocly } from '../redocly.ts';
import { stories } from '../sequence.ts';
import { ROOT } from '../yaml.ts';
import { indexPage, ledgerPage, lossesPage } from './pages.ts';

/** Where the pages are written. */
export const FOLDER = 'conformance-docs';

/** One contract, and the files that are made of it and of the sequences that are told by it. */
export interface Documented {
  product: string;
  version: string;
  contract: string;
  page: string;
  arazzo: string;
  exported: Exported[];
}

/** A page may load nothing: its scripts and styles are in it, and nothing it does reaches anywhere. */
const POLICY = [
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:",
  "worker-src blob:; base-uri 'none'; form-action 'none'",
].join('; ');

/**
 * Writes the reference pages of the contracts, the ledger, the sequences as Arazzo, and an index that links them all.
 * @param folder from the project's folder. @param only the product whose contracts are built; all of them by default
 * @returns the files, from that folder; the index first
 */
export async function buildDocs(folder = FOLDER, only?: string): Promise<string[]> {
  mkdirSync(path.join(ROOT, folder), { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(path.join(ROOT, folder, file), text);
  const documented = versions(only).map(({ product, version }): Documented => {
    const name = `${product}-${version}`;
    const contract = `contracts/${product}/${version}.yaml`;
    const arazzo = `${name}.arazzo.yaml`;
    const url = path.posix.relative(folder, contract);
    const { document, exported } = arazzoOf(product, version, url);
    write(arazzo, stringify(document, { aliasDuplicateObjects: false, lineWidth: 120 }));
    return { product, version, contract, page: `${name}.html`, arazzo, exported };
  });
  for (const { contract, page } of documented) await reference(contract, path.join(folder, page));
  write('ledger.html', ledgerPage());
  write('arazzo.html', lossesPage(documented));
  write('index.html', indexPage(documented));
  return ['index.html', 'ledger.html', 'arazzo.html', ...documented.flatMap(({ page, arazzo }) => [page, arazzo])];
}

function versions(only?: string): { product: string; version: string }[] {
  const all = stories(only).flatMap(({ product, versions }) => Object.keys(versions).map((one) => `${product}/${one}`));
  return [...new Set(all)].sort().map((one) => {
    const [product = '', version = ''] = one.split('/');
    return { product, version };
  });
}

/** The one thing that Redoc would load from elsewhere. */
const LOGO = /https:\/\/cdn\.redoc\.ly\/[^`'"]*\.svg/g;

/** The reference page of a contract, with everything that it needs inside. */
async function reference(contract: string, page: string): Promise<void> {
  const { code, output } = await redocly('build-docs', contract, '--inlineBundle', '--output', page);
  if (code !== 0)
    throw new SuiteError(
      `${contract} could not be made a page; npx redocly lint says what is wrong with it:\n${output}`,
    );
  const file = path.join(ROOT, page);
  const head = `<head>\n  <meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replaceAll(LOGO, 'data:,')
      .replace('<head>', () => head),
  );
}
