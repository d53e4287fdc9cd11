import { parseArgs } from 'node:util';
import { command } from './command.ts';
import { coverageOfReference, differences, readNeverSeen, rewritten, writeNeverSeen } from './never-seen-file.ts';

const HELP = `npm run -s never-seen [-- OPTIONS]

Tells every sequence to the reference target, and takes out of fixtures/never-seen.yaml what an answer shows by now.

  --initial   writes what is new into the file as well; without it the file may only shrink
  --help      this

Exit code: 0 written, 1 something is new (the list says what), 2 a mistake in what was given or in a fixture.
`;

await command('never-seen', async () => {
  const { values } = parseArgs({ options: { initial: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (!values.help) return await rewrite(values.initial ?? false);
  console.log(HELP);
  return 0;
});

async function rewrite(initial: boolean): Promise<number> {
  const coverage = await coverageOfReference();
  const old = readNeverSeen();
  const { added, stale } = differences(old, coverage);
  if (added.length > 0 && !initial) {
    console.error(
      `never seen, and not in the file, which may only shrink (make the reference target or a sequence show it, or give --initial):\n  ${added.join('\n  ')}`,
    );
    return 1;
  } else {
    writeNeverSeen(rewritten(old, coverage));
    console.log(`fixtures/never-seen.yaml: ${stale.length} stale, ${added.length} new`);
    for (const { product, version, entries, seen, never } of coverage)
      console.log(
        `  ${product} ${version}: ${seen.size} of ${entries.size} seen; ${never.length} lines for the others`,
      );
  }
  return 0;
}
