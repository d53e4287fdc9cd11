import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ENV } from '../environment.ts';
import { SuiteError } from '../errors.ts';
import { converse, type Print } from './converse.ts';
import { dotenvOf } from './dotenv.ts';
import type { Lines } from './lines.ts';

const HELP = `npm run -s init [-- OPTIONS]

Asks which servers are to be judged, where they are and with which credentials, and writes the answers to .env, which only
you can read. An .env that is there already stays as it is. Passwords are not shown. Answers may be piped in, one a line;
a mistake in them ends it. Ctrl+C, input that ends early, and a mistake that was piped in write nothing.

  --help    this

Exit code: 0 .env is written, 1 it was ended before that, 2 there is an .env, or a mistake in what was given.
`;

/** The command. @returns the exit code @throws SuiteError when the file is there already, or for a mistake that was piped in */
export async function initCommand(words: string[], print: Print, open: () => Lines, file = ENV): Promise<number> {
  const { values } = parseArgs({ args: words, options: { help: { type: 'boolean' } } });
  if (values.help) {
    print(HELP);
    return 0;
  }
  if (existsSync(file)) throw thereAlready();
  const lines = open();
  try {
    const answers = await converse(lines, print);
    if (answers === undefined) {
      print('ended: nothing is written');
      return 1;
    }
    write(file, dotenvOf(answers).text);
  } finally {
    lines.close();
  }
  print('written to .env; .env.example says what else can be set, such as ALLOW_WRITES');
  print('next: npm run -s doctor    looks whether the server can be judged, and writes nothing');
  return 0;
}

function thereAlready(): SuiteError {
  return new SuiteError('there is an .env already, and it stays as it is: change it by hand, or move it away');
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw code === 'EEXIST' ? thereAlready() : new SuiteError(`.env cannot be written (${code}): look at its folder`);
  }
}
