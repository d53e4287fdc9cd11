import { SuiteError } from '../errors.ts';
import { acceptCommand } from './accept.ts';
import { compareCommand } from './compare.ts';
import { updateCheck } from './update-check.ts';

const COMMANDS: Record<string, (words: string[], print: (text: string) => void) => number> = {
  compare: compareCommand,
  accept: acceptCommand,
  'update-check': updateCheck,
};

// `npm run compare`, `npm run accept` and `npm run update-check`.
const [name = '', ...words] = process.argv.slice(2);
try {
  process.exitCode = COMMANDS[name]?.(words, console.log) ?? 2;
} catch (error) {
  const misused = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  if (!(error instanceof SuiteError) && !misused) throw error;
  console.error(`${(error as Error).message}${misused ? `; npm run ${name} -- --help says what it takes` : ''}`);
  process.exitCode = 2;
}
