import { command } from '../command.ts';
import { readEnvironment, validateEnvironment } from '../environment.ts';
import { withAddresses } from '../target.ts';
import { doctorCommand, targetsIn } from './command.ts';

const words = process.argv.slice(2);
await command('doctor', () => {
  const values = readEnvironment();
  const environment = validateEnvironment(withAddresses(values, targetsIn(words) ?? values['TARGET']));
  return doctorCommand(words, console.log, environment);
});
