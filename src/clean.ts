import { command } from './command.ts';
import { cleanCommand } from './journal/command.ts';
import { readJournals } from './journal/journal.ts';
import { readEnvironment, validateEnvironment } from './environment.ts';
import { withAddresses } from './target.ts';

await command('clean', () => {
  // A journal names the target as it was chosen, with the address that it was given.
  const targets = readJournals().map(({ header }) => header.target);
  const environment = validateEnvironment(withAddresses(readEnvironment(), targets.join(',')));
  return cleanCommand(process.argv.slice(2), console.log, environment);
});
