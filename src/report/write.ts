import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { printableJson } from '../printable.ts';
import { ROOT } from '../yaml.ts';
import { verdictText } from './document.ts';
import { writeDocument } from './files.ts';
import { badgeOf } from './formats/badge.ts';
import { ctrfOf } from './formats/ctrf.ts';
import { harOf } from './formats/har.ts';
import { junitOf } from './formats/junit.ts';
import { sarifOf } from './formats/sarif.ts';
import { BOUNDS, latenciesOf } from './latency.ts';
import { markdownOf } from './markdown.ts';
import { pageOfRun } from './page/run.ts';
import type { Run } from './run.ts';

/** What is written of a run besides the document, by the end of the file's name. */
export const FORMATS: Record<string, (run: Run) => string> = {
  md: ({ document, proofs }) => `${markdownOf(document, proofs)}\n`,
  html: pageOfRun,
  'latency.json': (run) =>
    `${printableJson({ verdict: verdictText(run.document), bounds: BOUNDS, operations: latenciesOf(run) }, 2)}\n`,
  'junit.xml': junitOf,
  'ctrf.json': ctrfOf,
  'sarif.json': sarifOf,
  har: harOf,
  'badge.svg': badgeOf,
};

/** Writes every report of a run. @returns their path, from the project's folder, without the end */
export function writeReports(run: Run): string {
  const file = writeDocument(run.document);
  for (const [end, made] of Object.entries(FORMATS)) writeFileSync(path.join(ROOT, `${file}.${end}`), made(run));
  return file;
}
