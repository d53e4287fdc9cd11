import { command } from '../command.ts';
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
await command(name, () => COMMANDS[name]?.(words, console.log) ?? 2, name !== 'update-check');
