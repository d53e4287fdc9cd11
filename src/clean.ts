import { readEnvironment, validateEnvironment } from './environment.ts';
import { SuiteError } from './errors.ts';
import { cleanCommand } from './journal/command.ts';

try {
  const environment = validateEnvironment(readEnvironment());
  process.exitCode = await cleanCommand(process.argv.slice(2), console.log, environment);
} catch (error) {
  console.error(error instanceof SuiteError || error instanceof TypeError ? error.message : error);
  process.exitCode = 2;
}
