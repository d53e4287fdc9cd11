import { parseArgs } from 'node:util';
import type { Environment } from '../environment.ts';
import { SuiteError } from '../errors.ts';
import { Redactor } from '../redact.ts';
import { line, ours, shown, type Print, type Shown } from '../shown.ts';
import { choose, openTarget } from '../target.ts';
import { Transport } from '../transport.ts';
import { lives } from './alive.ts';
import { clean } from './clean.ts';
import { JOURNALS, readJournals, unreadableJournals, type Found, type Header } from './journal.ts';
import { alone } from './lock.ts';
import { summaryOf } from './words.ts';

const HELP = `npm run -s clean [-- OPTIONS]

Takes away what runs that were killed have left on your servers, and puts back what they had changed, by their journals
in conformance-journal/. The next run against the same server does that too. What a run that is still under way creates
is left alone.

  --list    says what there is to do, and does nothing
  --help    this

Exit code: 0 nothing is left, 1 something is left (its journal is kept), 2 a mistake in the settings.
`;

/** The command. @returns the exit code */
export async function cleanCommand(
  words: string[],
  print: Print,
  environment: Environment,
  folder = JOURNALS,
): Promise<number> {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({ args: words, options: { list: flag, help: flag } });
  if (values.help) {
    print(ours(HELP));
    return 0;
  }
  const journals = readJournals(folder);
  const unreadable = unreadableJournals(folder);
  for (const file of unreadable)
    print(
      line`${said(file)}: left: it cannot be read, or its first line is cut short, so nobody knows whose server it is about; look what it says, and delete it`,
    );
  if (journals.length + unreadable.length === 0) print(ours('there is nothing to clean up'));
  const code = values.list ? list(journals, print) : await cleanAll(journals, print, environment, folder);
  return values.list || unreadable.length === 0 ? code : 1;
}

function list(journals: Found[], print: Print): number {
  for (const { file, header, open } of journals) {
    const state = lives(header.process, file) ? `under way (process ${header.process.pid})` : `${open.length} to undo`;
    print(line`${where(header)}: ${ours(state)}`);
    for (const { story, refusal, step, markers } of open)
      print(line`  ${said(`${story} ${refusal ?? step} ${markers.join(' ')}`.trimEnd())}`);
  }
  return 0;
}

/** Cleans up on every server that dead journals name. */
async function cleanAll(journals: Found[], print: Print, environment: Environment, folder: string): Promise<number> {
  const dead = journals.filter(({ header, file }) => !lives(header.process, file));
  if (dead.length < journals.length) print(line`${journals.length - dead.length} under way: left alone`);
  let left = 0;
  for (const server of new Set(dead.map(({ header }) => header.server))) {
    const header = dead.find((one) => one.header.server === server)?.header;
    if (header) left += await cleanServer(header, print, environment, folder);
  }
  return left > 0 ? 1 : 0;
}

async function cleanServer(header: Header, print: Print, environment: Environment, folder: string): Promise<number> {
  const name = where(header);
  let transport: Transport | undefined;
  try {
    choose(environment, header.target);
    const target = await openTarget(header.target, environment);
    if (target.server !== header.server)
      throw new SuiteError(
        `the settings name another server now (${addressesOf(target)}): set them as they were in that run`,
      );
    transport = new Transport(target);
    const sender = transport;
    const cleaned = await alone(folder, header.server, () => clean(folder, target, sender));
    print(summaryOf(name, cleaned));
    return cleaned.filter(({ came }) => came === 'left').length;
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    print(line`${name}: left: ${said(error.message)}`);
    return 1;
  } finally {
    await transport?.close();
  }
}

/** A journal is read before the settings are: the secrets of these are not known, and none is in it. */
function said(text: string): Shown {
  return shown(text, 'sentence', new Redactor());
}

function where(header: Header): Shown {
  return said(`${header.target} at ${addressesOf(header)}`);
}

function addressesOf({ addresses }: Pick<Header, 'addresses'>): string {
  return [...new Set(Object.values(addresses))].join(', ');
}
