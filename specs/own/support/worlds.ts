import { validateEnvironment } from '../../../src/environment.ts';
import { fails } from '../../../src/finding.ts';
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

/** Requests and answers of all stories as text, without what is made up anew in each run. */
export function outline(told: Told[]): string {
  return told
    .flatMap(({ reports }) => reports.flatMap((report) => report.exchanges))
    .map(({ sent, came }) => {
      const headers = [sent.headers, came?.headers ?? []].map((all) => all.map((pair) => pair.join(': ')).join('\n'));
      return [sent.method, sent.origin, sent.path, sent.body, came?.status, ...headers, came?.body]
        .map(String)
        .join('\n');
    })
    .join('\n\n')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, 'ID')
    .replace(/conformance-\w+|Conformance_\w+|[\w%~.=+/-]{20,}/gi, (text) => (/\d/.test(text) ? 'MADE UP' : text))
    .replace(/"_rev":"\w+"|127\.0\.0\.1:\d+|Date: .*|Content-Length: \d+|ETag: .*|expires_\w+":\d+/gi, 'VARIES');
}
