import { evidenceOf } from '../../../src/evidence.ts';
import { Redactor } from '../../../src/redact.ts';
import { documentOf, type Conformance } from '../../../src/report/document.ts';
import type { Told } from '../../../src/report/run.ts';
import { tellInto, untold } from '../../../src/report/told.ts';
import type { StoryResult } from '../../../src/result.ts';
import { stories } from '../../../src/sequence.ts';
import { openTarget } from '../../../src/target.ts';
import { Transport } from '../../../src/transport.ts';

/** What a run came to for the reference target, changed as told. @param only ids of the sequences to tell; all by default */
export async function documentOfReference(
  product: string,
  version: string,
  changes: { faults?: string[]; variants?: string[] },
  only?: string[],
): Promise<Conformance> {
  return documentOf(await resultsOfReference(product, version, changes, only));
}

/** What each story came to there. */
export async function resultsOfReference(...asked: Parameters<typeof toldOfReference>): Promise<StoryResult[]> {
  return (await toldOfReference(...asked)).map((one) => one.result);
}

/** The same with what went over the wire. */
export async function toldOfReference(
  product: string,
  version: string,
  changes: { faults?: string[]; variants?: string[] },
  only?: string[],
  secrets: string[] = [],
): Promise<Told[]> {
  const told: Told[] = [];
  for (const story of stories()) {
    if (story.product !== product || story.versions[version] === undefined || only?.includes(story.id) === false)
      continue;
    const target = await openTarget('reference', {}, { product, version, ...changes });
    const transport = new Transport(target);
    const redactor = new Redactor([...target.hidden, ...secrets]);
    const result = untold(story, version, target);
    const { reports } = await tellInto(result, story, target, transport, redactor);
    await transport.close();
    await target.close();
    const evidence = new Map(
      reports.map(({ id, exchanges }) => [id, exchanges.map((one) => evidenceOf(one, redactor))]),
    );
    told.push({ result, evidence });
  }
  return told;
}
