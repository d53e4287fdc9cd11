import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stories } from '../src/sequence.ts';
import { growthRead, growthTold } from './growth.ts';
import { judging } from './judging.ts';
import { sending } from './sending.ts';
import { startUp } from './start-up.ts';
import { judged, table, type Judged, type Row } from './table.ts';
import type { Told } from './told.ts';

const HELP = `npm run bench [-- --quick] [-- --json FILE]

Measures the suite against the embedded reference target, which runs in the same process and so counts as sending:
  sending   every sequence told, beside the same requests sent bare to a fresh world
  judging   the contract's validators and whole judgements, without sending
  growth    the same sequences told and read many times over in one process, and its memory
  start-up  from the command to the first result of a run, beside an empty run of Playwright

  --quick      everything once, with the smallest sequence and side by side; too rough to judge an aim by
  --json FILE  writes the rows to a file as well
  --help       this text

Figures depend on the machine and its load; ratios compare within one run. An aim that is missed is said to be missed,
and the exit code is 1 only where something could not be measured.`;

const { values: words } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean' } },
});
if (words.help) console.log(HELP);
else await measure(words.quick ?? false, words.json);

async function measure(quick: boolean, file: string | undefined): Promise<void> {
  const all: Told[] = stories().flatMap((story) => Object.keys(story.versions).map((version) => ({ story, version })));
  const rows: Judged[] = quick ? await look(all) : (await thorough(all)).map(judged);
  const { version, platform, arch } = process;
  console.log(
    `${table(rows)}\n\nNode ${version}, ${platform} ${arch}${quick ? '; --quick: rough figures, no aim is judged' : ''}`,
  );
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
}

async function thorough(all: Told[]): Promise<Row[]> {
  const started = await startUp(5, true);
  // Warm: what is compiled and cached at first use is start-up, which is measured by itself.
  await sending(all, 3);
  const sent = await sending(all, 11);
  const apart = await judging(all, 2000, bareOf(sent));
  const told = await growthTold(all, [1, 10, Math.max(100, Math.ceil(1000 / all.length))]);
  return [...started, ...sent, ...apart, ...told, ...(await growthRead(all, [1, 10, 100]))];
}

/** Everything once, with the smallest sequence, and side by side with the start-up. */
async function look(all: Told[]): Promise<Row[]> {
  const steps = ({ story }: Told): number => story.sequence.steps.length;
  const small = [...all].sort((one, other) => steps(one) - steps(other)).slice(0, 1);
  const inside = async (): Promise<Row[]> => {
    const sent = await sending(small, 1);
    const more = [...(await judging(small, 20, bareOf(sent))), ...(await growthTold(small, [1, 2]))];
    return [...sent, ...more, ...(await growthRead(small, [1, 2]))];
  };
  return (await Promise.all([startUp(1, false), inside()])).flat();
}

function bareOf(sent: Row[]): number {
  return sent.find((row) => row.what === 'bare: each request')?.figure ?? Number.NaN;
}
