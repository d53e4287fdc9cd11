import { validateEnvironment } from '../../../src/environment.ts';
import { Redactor } from '../../../src/redact.ts';
import { start, type ReferenceOptions } from '../../../src/reference/index.ts';
import { contractOf } from '../../../src/replay.ts';
import { stories, type Story } from '../../../src/sequence.ts';
import { tell, type StepReport } from '../../../src/story.ts';
import { openTarget } from '../../../src/target.ts';
import { Transport } from '../../../src/transport.ts';

/** What one story came to in one world. */
export interface Told {
  story: Story;
  reports: StepReport[];
}

/**
 * Tells every story of a product, each against a fresh reference world that is judged as a server of somebody else's:
 * its variables are all that the suite is given.
 */
export async function tellForeign(product: string, options: ReferenceOptions): Promise<Told[]> {
  const told: Told[] = [];
  for (const story of stories().filter((one) => one.product === product)) {
    const [version = ''] = Object.keys(story.versions);
    const world = await start({ product, version, ...options });
    const target = await openTarget(product, validateEnvironment({ ...world.variables, STRICT: 'false' }));
    const transport = new Transport({ timeout: 30 });
    try {
      if (story.sequence.requires.some((feature) => !target.features.includes(feature))) continue;
      const contract = contractOf(product, version);
      told.push({
        story,
        reports: await tell({ story, version, target, contract, transport, redactor: new Redactor() }),
      });
    } finally {
      await transport.close();
      await target.close();
      await world.close();
    }
  }
  return told;
}
