import { messageOf, SuiteError } from './errors.ts';
import { misspelt } from './misspelt.ts';

/** The exit code of a command for a mistake in what it was given. */
const MISTAKE = 2;

/**
 * Runs a command of the suite: its exit code is that of the process, and what goes wrong is told in one line.
 * @param name as it is called: `npm run NAME`
 * @param watched whether names that look like settings and are none are told; a command that starts a run leaves it to the run
 */
export async function command(name: string, work: () => number | Promise<number>, watched = true): Promise<void> {
  endQuietly();
  try {
    if (watched) for (const warning of misspelt()) console.error(warning);
    process.exitCode = await work();
  } catch (error) {
    console.error(wordsOf(error, name));
    process.exitCode = MISTAKE;
  }
}

/** What went wrong, for whoever called the command; a mistake of ours has a stack to be reported with. */
function wordsOf(error: unknown, name: string): string {
  const { code = '', syscall, path, stack } = error as NodeJS.ErrnoException;
  if (error instanceof SuiteError) return error.message;
  if (code.startsWith('ERR_PARSE_ARGS')) return `${messageOf(error)}; npm run ${name} -- --help says what it takes`;
  if (syscall !== undefined)
    return `${path ?? 'something'} cannot be ${READING.has(syscall) ? 'read' : 'written'} (${code}): look at its rights, and whether there is room`;
  return `this is a mistake of the suite's own, please report it: ${stack ?? messageOf(error)}`;
}

const READING = new Set(['open', 'read', 'scandir', 'stat', 'lstat']);

/**
 * Whoever reads what is printed may stop reading (`| head`): the rest goes nowhere, and what there is to do is done. What
 * cannot be printed for another reason is told in one line.
 */
export function endQuietly(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      if (stream === process.stdout) console.error(`what is printed cannot be written (${error.code ?? 'error'})`);
      process.exit(MISTAKE);
    });
}
