import { parseArgs } from 'node:util';
import { command } from '../command.ts';
import { buildDocs, FOLDER } from './build.ts';

const HELP = `npm run -s docs

Writes to ${FOLDER}/, for reading without any network; index.html links them all:

  <product>-<version>.html          the reference page of a contract
  ledger.html                       every sentence of the pages, with what checks it
  <product>-<version>.arazzo.yaml   the sequences as Arazzo 1.0.1, for other runners
  arazzo.html                       what of the sequences Arazzo does not say

  --help                            this

Exit code: 0 once all is written; 2 for a contract or a sequence with a mistake, which the message names.
`;

await command('docs', async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) console.log(HELP);
  else {
    const [index = ''] = await buildDocs();
    console.log(`${FOLDER}/${index}`);
  }
  return 0;
});
