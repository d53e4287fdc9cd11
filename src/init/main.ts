import { command } from '../command.ts';
import { initCommand } from './command.ts';
import { linesOf } from './lines.ts';

await command('init', () =>
  initCommand(process.argv.slice(2), console.log, () => linesOf(process.stdin, process.stdout)),
);
