import { SuiteError } from '../errors.ts';
import { initCommand } from './command.ts';
import { linesOf } from './lines.ts';

try {
  process.exitCode = await initCommand(process.argv.slice(2), console.log, () =>
    linesOf(process.stdin, process.stdout),
  );
} catch (error) {
  console.error(error instanceof SuiteError || error instanceof TypeError ? error.message : error);
  process.exitCode = 2;
}
