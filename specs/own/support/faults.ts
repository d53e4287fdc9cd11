import { expect, test } from '@playwright/test';
import { didYouMean } from '../../../src/errors.ts';
import { contractOf } from '../../../src/contract.ts';
import { Redactor } from '../../../src/redact.ts';
import { stories } from '../../../src/sequence.ts';
import { tell } from '../../../src/story.ts';
import { openTarget, type Target } from '../../../src/target.ts';
import { validateEnvironment } from '../../../src/environment.ts';
import { start } from '../../../src/reference/index.ts';
import type { Listener } from '../../../src/telling.ts';
import { Transport } from '../../../src/transport.ts';
import { readYaml } from '../../../src/yaml.ts';

const FILE = 'fixtures/faults.yaml';

/** The named statement is broken: the rest of the story would show no more. */
class Noticed extends Error {}

/** The statements that a run against the reference target with one fault breaks, in the order of the story, up to the named one. */
async function brokenBy(
  product: string,
  sequence: string,
  fault: string,
  statement: string,
  open: (options: { product: string; version: string; faults: string[] }) => Promise<Target> = (options) =>
    openTarget('reference', {}, options),
): Promise<string[]> {
  const story = stories(product).find((one) => one.id === `${product}/${sequence}`);
  if (!story) throw new Error(`${FILE}: there is no sequence '${product}/${sequence}'`);
  const [version = ''] = Object.keys(story.versions);
  const target = await open({ product, version, faults: [fault] });
  const transport = new Transport({ timeout: 30 });
  const broken: string[] = [];
  const around: Listener['around'] = async (_title, _pointer, work) => {
    const report = await work();
    // On another's server an assumption that does not hold is told, and fails nothing.
    if (report.findings.some(({ grade }) => grade === 'violation' || grade === 'notice')) broken.push(report.id);
    if (broken.at(-1) === statement) throw new Noticed();
    return report;
  };
  try {
    const contract = contractOf(product, version);
    await tell({ story, version, target, contract, transport, redactor: new Redactor(), listener: { around } });
    return broken;
  } catch (error) {
    if (error instanceof Noticed) return broken;
    throw error;
  } finally {
    await transport.close();
    await target.close();
  }
}

/** The reference as a server of somebody else's: it is judged by default, on everything that it can be asked for. */
async function elsewhere(options: { product: string; version: string; faults: string[] }): Promise<Target> {
  const { product } = options;
  const { variables, close } = await start(options);
  const features = [...new Set(stories(product).flatMap(({ sequence }) => sequence.requires))].join(',');
  const asked = { ...variables, [`${product.toUpperCase()}_FEATURES`]: features, STRICT: 'false' };
  return { ...(await openTarget(product, validateEnvironment(asked))), close };
}

/** One test for each fault of a group: it is noticed by the same statement where the server is somebody else's. */
export function faultsAreNoticedElsewhere(product: string, faults: Record<string, string>): void {
  const noticed = (readYaml(FILE).value as Record<string, Record<string, string>>)[product] ?? {};
  for (const [fault, says] of Object.entries(faults))
    test(`${fault}: "${says.replace(/\.$/, '')}" is noticed on another's server too`, async () => {
      const [sequence = '', statement = ''] = (noticed[fault] ?? '').split('#');
      expect(await brokenBy(product, sequence, fault, statement, elsewhere)).toContain(statement);
    });
}

/** One test for each named fault: switched on, it breaks the statement that fixtures/faults.yaml names. */
export function faultsAreNoticed(product: string, faults: Record<string, string>): void {
  const noticed = (readYaml(FILE).value as Record<string, Record<string, string>>)[product] ?? {};

  test(`every fault of ${product} has a statement that notices it`, () => {
    const missing = Object.keys(faults).filter((fault) => !(fault in noticed));
    const stale = Object.keys(noticed).filter((fault) => !(fault in faults));
    expect(missing, `faults without an entry in ${FILE}`).toEqual([]);
    expect(
      stale.map((fault) => fault + didYouMean(fault, Object.keys(faults))),
      `entries in ${FILE} without a fault`,
    ).toEqual([]);
  });

  for (const [fault, says] of Object.entries(faults))
    test(`${fault}: "${says.replace(/\.$/, '')}" is noticed`, async () => {
      const [sequence = '', statement = ''] = (noticed[fault] ?? '').split('#');
      expect(await brokenBy(product, sequence, fault, statement)).toContain(statement);
    });
}
