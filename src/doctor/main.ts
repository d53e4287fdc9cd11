import { readEnvironment, validateEnvironment } from '../environment.ts';
import { SuiteError } from '../errors.ts';
import { doctorCommand } from './command.ts';

try {
  const environment = validateEnvironment(readEnvironment());
  process.exitCode = await doctorCommand(process.argv.slice(2), console.log, environment);
} catch (error) {
  console.error(error instanceof SuiteError || error instanceof TypeError ? error.message : error);
  process.exitCode = 2;
}
