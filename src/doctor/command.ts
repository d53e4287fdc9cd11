import { parseArgs } from 'node:util';
import type { Environment } from '../environment.ts';
import { checkTarget } from '../projects.ts';
import { line, ours, type Print } from '../shown.ts';
import { choose, openTarget } from '../target.ts';
import { examine, type Diagnosis } from './doctor.ts';
import { planOf } from './plan.ts';

const HELP = `npm run -s doctor -- [OPTIONS]

Looks step by step whether the servers of .env can be judged, and says what to do where not: variables, name, connection,
TLS, address, credentials, version, features. Nothing is written, and no user logs in (a login may be counted).

  --dry-run   lists what a run would send and what it would write; sends nothing
  --target    targets by name, as in TARGET
  --help      this

Exit code: 0 all is well, 1 something is not, 2 a mistake in the settings, 3 a server that cannot be reached.
`;

const MARKS: Record<Diagnosis['outcome'], string> = { good: '✓', bad: '✗', unreachable: '✗', 'not looked at': '-' };

function parsed(words: string[]): { 'dry-run'?: boolean; target?: string; help?: boolean } {
  return parseArgs({
    args: words,
    options: { 'dry-run': { type: 'boolean' }, target: { type: 'string' }, help: { type: 'boolean' } },
  }).values;
}

/** The targets that the command line names: what they bring along is a setting too. */
export function targetsIn(words: string[]): string | undefined {
  return parsed(words).target;
}

/** The command. @returns the exit code @throws SuiteError for a mistake in the settings */
export async function doctorCommand(words: string[], print: Print, environment: Environment): Promise<number> {
  const values = parsed(words);
  if (values.help) {
    print(ours(HELP));
    return 0;
  }
  const codes: number[] = [];
  const targets = choose(environment, values.target ?? environment['TARGET']);
  for (const id of targets) checkTarget(id, environment);
  for (const id of targets) {
    const target = await openTarget(id, environment);
    try {
      print(ours(target.name));
      if (values['dry-run']) for (const one of await planOf(target)) print(line`  ${one}`);
      else codes.push(told(await examine(target), print));
    } finally {
      await target.close();
    }
  }
  return Math.max(0, ...codes);
}

function told(found: Diagnosis[], print: Print): number {
  for (const { says, outcome, advice } of found) {
    const unlooked = outcome === 'not looked at' && advice === undefined ? ' (not looked at)' : '';
    print(line`  ${ours(MARKS[outcome])} ${says}${ours(unlooked)}`);
    if (advice !== undefined) print(line`      ${advice}`);
  }
  if (found.some(({ outcome }) => outcome === 'unreachable')) return 3;
  return found.some(({ outcome }) => outcome === 'bad') ? 1 : 0;
}
