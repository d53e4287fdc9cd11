import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stories } from '../src/sequence.ts';
import { growthRead, growthTold } from './growth.ts';
import { judging } from './judging.ts';
import { sending } from './sending.ts';
import { startUp } from './start-up.ts';
import { judged, table, type Row } from './table.ts';
import type { Told } from './told.ts';

const HELP = `npm run bench [-- --quick] [-- --json FILE]

Measures the suite against the embedded reference target, which runs in the same process and so counts as sending:
  sending   every sequence told, beside the same requests sent bare to a fresh world
  judging   the contract's validators and whole judgements, without sending
  growth    the same sequences told and read many times over in one process, and its memory
  start-up  from the command to the first result of a run, beside an empty run of Playwright

  --quick      fewer rounds and sizes, for a look; its figures are rough
  --json FILE  writes the rows to a file as well
  --help       this text

An aim that is missed is said to be missed; the exit code is 1 only where something could not be measured.`;

const { values: words } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean' } },
});
if (words.help) console.log(HELP);
else await measure(words.quick ?? false, words.json);

async function measure(quick: boolean, file: string | undefined): Promise<void> {
  const all: Told[] = stories().flatMap((story) => Object.keys(story.versions).map((version) => ({ story, version })));
  const many = Math.ceil(1000 / all.length);
  const rows: Row[] = [];
  const show = (more: Row[]): void => {
    rows.push(...more);
    if (process.stderr.isTTY) process.stderr.write(`${more[0]?.measure ?? ''} …\n`);
  };
  show(await startUp(quick ? 1 : 5, !quick));
  // Warm: what is compiled and cached at first use is start-up, which is measured by itself.
  if (!quick) await sending(all, 3);
  const sent = await sending(quick ? all.slice(-1) : all, quick ? 1 : 11);
  show(sent);
  const bare = sent.find((row) => row.what === 'bare: each request')?.figure ?? 1;
  show(await judging(quick ? all.slice(-1) : all, quick ? 50 : 2000, bare));
  show(await growthTold(quick ? all.slice(-1) : all, quick ? [1, 2] : [1, 10, Math.max(100, many)]));
  show(await growthRead(all, quick ? [1, 2] : [1, 10, 100]));
  const result = rows.map(judged);
  const { version, platform, arch } = process;
  console.log(`\n${table(result)}\n\nNode ${version}, ${platform} ${arch}${quick ? ', quick: rough figures' : ''}`);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
