import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { contractOf, type Contract } from './contract.ts';
import { validateEnvironment } from './environment.ts';
import { SuiteError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { Redactor } from './redact.ts';
import type { Story } from './sequence.ts';
import { tell } from './story.ts';
import type { Listener, StepReport } from './telling.ts';
import { openTarget, targetFiles, type Target, type WorldModule } from './target.ts';
import { Transport } from './transport.ts';
import { ROOT } from './yaml.ts';

/** As a world of our own, or as a target that happens to have the addresses and users of one. */
export type Mode = 'ours' | 'foreign';

/** Tells a story without Playwright to a fresh world of our own. */
export async function rehearse(
  story: Story,
  version: string,
  mode: Mode = 'ours',
  listener: Listener = {},
): Promise<{ contract: Contract; reports: StepReport[] }> {
  const contract = contractOf(story.product, version);
  const target = await open(story, version, mode);
  const transport = new Transport(target);
  try {
    const stage = { story, version, target, contract, transport, redactor: new Redactor(target.hidden), listener };
    return { contract, reports: await tell(stage) };
  } finally {
    await transport.close();
    await target.close();
  }
}

async function open(story: Story, version: string, mode: Mode): Promise<Target> {
  const options: JsonObject = { product: story.product, version };
  const files = Object.entries(targetFiles());
  const [ours, world] = files.find(([, { value }]) => value.world !== undefined) ?? [];
  if (ours === undefined || world?.value.world === undefined)
    throw new SuiteError('no target in fixtures/targets has a world of our own');
  if (mode === 'ours') return openTarget(ours, {}, options);
  const generic = genericTarget(story.product);
  const module = (await import(pathToFileURL(path.join(ROOT, world.value.world)).href)) as WorldModule;
  const { variables, close } = await module.start(options);
  const target = await openTarget(generic, validateEnvironment({ ...variables }));
  return { ...target, close };
}

/** The target that stands for any server of a product, once its address is given: the one that has its name. */
function genericTarget(product: string): string {
  if (targetFiles()[product]?.value.configuredBy === undefined)
    throw new SuiteError(`no target in fixtures/targets is configured for ${product}`);
  return product;
}
