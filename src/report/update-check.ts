import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SuiteError } from '../errors.ts';
import { chosen } from '../target.ts';
import { ROOT } from '../yaml.ts';
import { compareCommand } from './compare.ts';
import type { Conformance } from './document.ts';
import { FOLDER, readDocument } from './files.ts';

const HELP = `npm run -s update-check -- --before TARGET --after TARGET [OPTIONS]

The whole verification of an upgrade: judges both servers side by side, then says what differs.
TARGET is a file of fixtures/targets, or one with an address: NAME@https://old.example.com:8443. The other variables
(users, credentials) are those of .env and hold for both; servers that need their own get a target file each.

  --format text|markdown|html|json   how to say it; html is a page of its own (default: text)
  --output FILE                      where to write it (default: the terminal)
  --fail-on breaking|any|none        what makes the exit code 1 (default: breaking)
  --help                             this

Exit code: 0 nothing to fail on, 1 a difference to fail on, 2 a mistake in what was given, or a server that could not be judged,
3 a server that could not be reached. What the run says goes to stderr; on stdout is the comparison alone.
`;

/** The exit code of a run for a server that is not there; this command's too. */
const UNREACHABLE = 3;

/** Whether a run says nothing of a server. */
function isUnjudged({ verdict, counts }: Conformance): boolean {
  return verdict === 'not testable' || Object.values(counts.held).every((count) => count === 0);
}

/** The command. @returns the exit code */
export function updateCheck(words: string[], print: (text: string) => void): number {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: words,
    options: { before: text, after: text, format: text, output: text, 'fail-on': text, help: { type: 'boolean' } },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const { before, after, help: _, ...passed } = values;
  if (before === undefined || after === undefined)
    throw new SuiteError(`two servers are needed, --before and --after\n\n${HELP}`);
  for (const side of [before, after]) chosen(side);
  // What an earlier run came to is not compared.
  for (const side of ['before', 'after']) rmSync(path.join(ROOT, FOLDER, `${side}.json`), { force: true });
  const cli = path.join(ROOT, 'node_modules/@playwright/test/cli.js');
  const { status } = spawnSync(process.execPath, [cli, 'test', '--output', 'test-results/update-check'], {
    cwd: ROOT,
    env: { ...process.env, TARGET: `before=${before},after=${after}` },
    // What the run says is not what was asked for: it goes where errors go.
    stdio: ['inherit', 2, 'inherit'],
  });
  if (status === UNREACHABLE) {
    console.error('a server could not be reached, so there is nothing to compare: see what the run says above');
    return UNREACHABLE;
  }
  // That a side violates (1) or is partial (4) is what is compared; a mistake in the settings is none.
  if (status !== 0 && status !== 1 && status !== 4) return 2;
  for (const side of ['before', 'after'])
    if (isUnjudged(readDocument(path.join(ROOT, FOLDER, `${side}.json`))))
      throw new SuiteError(`${side} could not be judged, so there is nothing to compare: see what the run says above`);
  const options = Object.entries(passed).flatMap(([name, value]) =>
    typeof value === 'string' ? [`--${name}`, value] : [],
  );
  return compareCommand([`${FOLDER}/before.json`, `${FOLDER}/after.json`, ...options], print);
}
