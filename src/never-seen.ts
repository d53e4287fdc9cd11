import { SuiteError } from './errors.ts';
import { coverageOfReference, differences, readNeverSeen, rewritten, writeNeverSeen } from './never-seen-file.ts';

const initial = process.argv.includes('--initial');
try {
  const coverage = await coverageOfReference();
  const old = readNeverSeen();
  const { added, stale } = differences(old, coverage);
  if (added.length > 0 && !initial) {
    console.error(
      `never seen, and not in the file, which may only shrink (make the reference target or a sequence show it, or give --initial):\n  ${added.join('\n  ')}`,
    );
    process.exitCode = 1;
  } else {
    writeNeverSeen(rewritten(old, coverage));
    console.log(`fixtures/never-seen.yaml: ${stale.length} stale, ${added.length} new`);
    for (const { product, version, entries, seen, never } of coverage)
      console.log(
        `  ${product} ${version}: ${seen.size} of ${entries.size} seen; ${never.length} lines for the others`,
      );
  }
} catch (error) {
  if (!(error instanceof SuiteError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
