import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { printableJson } from '../printable.ts';
import { ROOT } from '../yaml.ts';
import { verdictText } from './document.ts';
import { FOLDER, writeDocument } from './files.ts';
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

/**
 * Writes every report of a run; one that cannot be written keeps no other from it.
 * @returns their path, from the project's folder, without the end, and what could not be written
 */
export function writeReports(run: Run, root = ROOT): { file: string; problems: string[] } {
  const file = `${FOLDER}/${run.document.target.id}`;
  const problems: string[] = [];
  const tried = (end: string, work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      problems.push(
        `${file}.${end} cannot be written (${code ?? 'error'}): look at its rights, and whether there is room`,
      );
    }
  };
  tried('json', () => writeDocument(run.document, root));
  for (const [end, made] of Object.entries(FORMATS))
    tried(end, () => {
      writeFileSync(path.join(root, `${file}.${end}`), made(run));
    });
  return { file, problems };
}
