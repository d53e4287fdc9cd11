import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ENV, problemsOf, variables } from '../environment.ts';
import { didYouMean, SuiteError } from '../errors.ts';
import { targetFiles, type TargetFile } from '../target.ts';
import { dotenvOf } from './dotenv.ts';
import type { Lines } from './lines.ts';

const HELP = `npm run -s init [-- OPTIONS]

Asks which servers are to be judged, where they are and with which credentials, and writes the answers to .env, which only
you can read. An .env that is there already stays as it is. Passwords are not shown. Answers may be piped in, one a line.
Ctrl+C, or input that ends early, writes nothing.

  --help    this

Exit code: 0 .env is written, 1 it was ended before that, 2 there is an .env, or a mistake in the words.
`;

/** Leaves what else there is to ask of a server as it is. */
const ENOUGH = '.';

type Print = (text: string) => void;

/** The command. @returns the exit code @throws SuiteError when the file is there already */
export async function initCommand(words: string[], print: Print, open: () => Lines, file = ENV): Promise<number> {
  const { values } = parseArgs({ args: words, options: { help: { type: 'boolean' } } });
  if (values.help) {
    print(HELP);
    return 0;
  }
  if (existsSync(file)) throw thereAlready();
  const lines = open();
  try {
    const answers = await converse(lines, print);
    if (answers === undefined) {
      print('ended: nothing is written');
      return 1;
    }
    write(file, dotenvOf(answers).text);
  } finally {
    lines.close();
  }
  print('written to .env; .env.example says what else can be set, such as ALLOW_WRITES');
  print('next: npm run -s doctor    looks whether the server can be judged, and writes nothing');
  return 0;
}

function thereAlready(): SuiteError {
  return new SuiteError('there is an .env already, and it stays as it is: change it by hand, or move it away');
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw code === 'EEXIST' ? thereAlready() : new SuiteError(`.env cannot be written (${code}): look at its folder`);
  }
}

/** Everything that was answered; undefined if the input ended before that. */
async function converse(lines: Lines, print: Print): Promise<Record<string, string> | undefined> {
  const offered = Object.entries(targetFiles()).flatMap(([id, { value }]) => (value.checks ? [{ id, ...value }] : []));
  const ids = offered.map(({ id }) => id);
  print(`Which servers are to be judged? ${offered.map(({ id, name }) => `${id} (${name})`).join(', ')}`);
  let chosen: string[] = [];
  while (chosen.length === 0) {
    const line = await lines.ask('names, separated by commas: ', false);
    if (line === undefined) return undefined;
    const names = line.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    const unknown = names.filter((name) => !ids.includes(name));
    for (const name of unknown) print(`  there is no '${name}'${didYouMean(name, ids)}; there are: ${ids.join(', ')}`);
    if (unknown.length === 0) chosen = names;
  }
  const answers: Record<string, string> = {};
  for (const target of offered.filter(({ id }) => chosen.includes(id))) {
    print(`\n${target.name}: Enter leaves out what is optional, a full stop (${ENOUGH}) all that is left to ask`);
    if (!(await askAbout(target, answers, lines, print))) return undefined;
  }
  return answers;
}

/** Asks for a target's variables: first what has to be given, then the rest. @returns whether the input lasted */
async function askAbout(
  target: TargetFile,
  answers: Record<string, string>,
  lines: Lines,
  print: Print,
): Promise<boolean> {
  const names = variablesOf(target);
  const left = new Set(names);
  let enough = false;
  for (;;) {
    const missing = problemsOf(answers)
      .filter((one) => one.missing)
      .map(({ name }) => name);
    const needed =
      answers[target.configuredBy ?? ''] === undefined
        ? target.configuredBy
        : names.find((name) => missing.includes(name));
    const name = needed ?? (enough ? undefined : [...left].find((one) => !restsOnSkipped(one, answers, left)));
    if (name === undefined) return true;
    left.delete(name);
    const value = await answerTo(name, needed !== undefined, answers, lines, print);
    if (value === undefined) return false;
    if (value === ENOUGH && needed === undefined) enough = true;
    else if (value !== '') answers[name] = value;
  }
}

/** The variables that a target's file reads, in the order in which they are told. */
function variablesOf({ serves, addresses, names, values, features, configurable }: TargetFile): string[] {
  const read = JSON.stringify({ serves, addresses, names, values, features, configurable });
  const mentioned: string[] = read.match(/(?<=\$)[A-Z][A-Z0-9_]*/g) ?? [];
  return Object.keys(variables()).filter((name) => mentioned.includes(name));
}

/** A password without its user need not be asked for. */
function restsOnSkipped(name: string, answers: Record<string, string>, left: Set<string>): boolean {
  const example = variables()[name]?.examples[0] ?? '';
  const more = problemsOf({ ...answers, [name]: example }).filter((one) => one.missing);
  return more.some((one) => one.name !== name && !left.has(one.name));
}

/** What is typed for a variable, once it is well-formed; empty for nothing. */
async function answerTo(
  name: string,
  needed: boolean,
  answers: Record<string, string>,
  lines: Lines,
  print: Print,
): Promise<string | undefined> {
  const variable = variables()[name];
  const about = [
    needed ? 'needed' : 'optional',
    ...(variable?.default === undefined ? [] : [`default: ${variable.default}`]),
    ...(variable?.enum === undefined ? [] : [`one of ${variable.enum.join(', ')}`]),
  ].join('; ');
  print(`${variable?.description ?? name} (${about})`);
  for (;;) {
    const line = await lines.ask(`${name}: `, variable?.writeOnly === true);
    if (line === undefined) return undefined;
    // Blanks may belong to a password; around anything else they are there by accident.
    const typed = variable?.writeOnly ? line : line.trim();
    const value = typed.trim() === '' ? '' : typed;
    if (!needed && (value === '' || value === ENOUGH)) return value;
    const wrong =
      value === '' ? [`  it is needed; for example: ${variable?.examples[0] ?? ''}`] : wrongWith(name, value, answers);
    if (wrong.length === 0) return value;
    for (const says of wrong) print(says);
  }
}

function wrongWith(name: string, value: string, answers: Record<string, string>): string[] {
  const says = problemsOf({ ...answers, [name]: value })
    .filter((one) => one.name === name && !one.missing)
    .map((one) => one.says);
  if (dotenvOf({ [name]: value }).unwritable.length > 0)
    says.push(
      `  no .env file can hold this, for it has several kinds of quotes, or a # beside them: end this (Ctrl+C), and set ${name} in the environment`,
    );
  return [...new Set(says)];
}
