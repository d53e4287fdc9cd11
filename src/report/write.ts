import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../yaml.ts';
import { writeDocument } from './files.ts';
import { markdownOf } from './markdown.ts';
import { pageOfRun } from './page/run.ts';
import type { Run } from './run.ts';

/** What is written of a run besides the document, by the end of the file's name. */
const FORMATS: Record<string, (run: Run) => string> = {
  md: ({ document, proofs }) => `${markdownOf(document, proofs)}\n`,
  html: pageOfRun,
};

/** Writes every report of a run. @returns their path, from the project's folder, without the end */
export function writeReports(run: Run): string {
  const file = writeDocument(run.document);
  for (const [end, made] of Object.entries(FORMATS)) writeFileSync(path.join(ROOT, `${file}.${end}`), made(run));
  return file;
}
