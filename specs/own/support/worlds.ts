import { validateEnvironment } from '../../../src/environment.ts';
import { fails } from '../../../src/finding.ts';
import { Redactor } from '../../../src/redact.ts';
import { offerOf } from '../../../src/offer.ts';
import { start, type ReferenceOptions } from '../../../src/reference/index.ts';
import { contractOf } from '../../../src/contract.ts';
import { stories, type Story } from '../../../src/sequence.ts';
import { tell } from '../../../src/story.ts';
import type { StepReport } from '../../../src/telling.ts';
import { openTarget, type Target } from '../../../src/target.ts';
import { Transport } from '../../../src/transport.ts';

/** What one story came to in one world. */
export interface Told {
  story: Story;
  reports: StepReport[];
}

/** The features of stories that show every kind of answer soonest. */
const USUAL = ['progressive-profile', 'sign-on-policies'];

/**
 * Tells the stories of a product, each against a fresh reference world that is judged as a server of somebody else's:
 * its variables are all that the suite is given.
 * @param which the stories; all by default
 * @param all whether everything is required that a server can offer; otherwise a part is told, and nothing is required
 * @param as how the target differs from what the world's own variables make it
 */
export async function tellForeign(
  product: string,
  options: ReferenceOptions,
  which: (story: Story) => boolean = () => true,
  all = false,
  as: { variables?: Record<string, string>; lacks?: Target['lacks'] } = {},
): Promise<Told[]> {
  const told: Told[] = [];
  const features = [...new Set(stories(product).flatMap(({ sequence }) => sequence.requires))].join(',');
  const asked = all ? { [`${product.toUpperCase()}_FEATURES`]: features } : {};
  for (const story of stories(product).filter(which)) {
    const [version = ''] = Object.keys(story.versions);
    const world = await start({ product, version, ...options });
    const variables = Object.entries({ ...world.variables, ...asked, STRICT: 'false', ...as.variables });
    const given = Object.fromEntries(variables.filter(([, value]) => value !== ''));
    const opened = await openTarget(product, validateEnvironment(given));
    // Nobody lends a second user whose profile is due: it is set up.
    const configurable = { ...opened.configurable, allowed: story.sequence.requires.includes('two-users') };
    const target: Target = { ...opened, configurable, lacks: { ...opened.lacks, ...as.lacks } };
    const transport = new Transport({ timeout: 30 });
    try {
      const { requires } = story.sequence;
      if (requires.some((feature) => feature in target.lacks || !(all || USUAL.includes(feature)))) continue;
      const contract = contractOf(product, version);
      const stage = { story, version, target, contract, transport, redactor: new Redactor() };
      const untold = await offerOf(stage, undefined);
      if (untold && 'skipped' in untold) throw new Error(`${story.id}: ${untold.skipped.reason}`);
      told.push({ story, reports: untold ? [untold.broken] : await tell(stage) });
    } finally {
      await transport.close();
      await target.close();
      await world.close();
    }
  }
  return told;
}

/** Every finding that fails and every step that was not judged, in words. */
export function shortcomings(told: Told[]): string[] {
  return told.flatMap(({ story, reports }) =>
    reports.flatMap((report) => [
      ...report.findings
        .filter((finding) => fails(finding.grade))
        .map(({ where, expected, came, basis }) => `${report.id} ${where}: ${expected}, but ${came} (${basis})`),
      ...(['held', 'not applicable'].includes(report.outcome)
        ? []
        : [`${story.id} ${report.id}: ${report.outcome} ${report.reason ?? ''}`]),
    ]),
  );
}

/** Requests and answers of a story as text; what is made up anew in each run is replaced by what it looks like. */
export function outline({ reports }: Told): string {
  const ids = new Map<string, string>();
  return reports
    .flatMap((report) => report.exchanges)
    .map(({ sent, came }) => {
      const headers = [sent.headers, came?.headers ?? []].map((all) => all.map((pair) => pair.join(': ')).join('\n'));
      const lines = [sent.method, sent.origin, sent.path, sent.body, came?.status, ...headers, came?.body];
      return lines.map(String).join('\n');
    })
    .join('\n\n')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (id) => {
      ids.set(id, ids.get(id) ?? `id-${ids.size}`);
      return ids.get(id) ?? id;
    })
    .replace(/(?<![\w+/-])[\w+/-]{20,}/g, (text) => 'x'.repeat(text.length))
    .replace(/(Conformance_|conformance-)\w+|"_rev":"\w+"|127\.0\.0\.1:\d+|(Date: |ETag: ).*/gi, '$1$2VARIES');
}
