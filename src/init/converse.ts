import { problemsOf, variables } from '../environment.ts';
import { didYouMean, SuiteError } from '../errors.ts';
import { targetFiles, type TargetFile } from '../target.ts';
import { dotenvOf } from './dotenv.ts';
import type { Lines } from './lines.ts';

/** Leaves what else there is to ask of a server as it is. */
const ENOUGH = '.';

/** Where a line of text goes. */
export type Print = (text: string) => void;

/**
 * Asks which servers there are, and for their variables.
 * @returns everything that was answered; undefined if the input ended before that
 * @throws SuiteError for a mistake where nobody can be asked again
 */
export async function converse(lines: Lines, print: Print): Promise<Record<string, string> | undefined> {
  const offered = Object.entries(targetFiles()).flatMap(([id, { value }]) => (value.checks ? [{ id, ...value }] : []));
  const ids = offered.map(({ id }) => id);
  print(`Which servers are to be judged? ${offered.map(({ id, name }) => `${id} (${name})`).join(', ')}`);
  let chosen: string[] = [];
  while (chosen.length === 0) {
    const line = await lines.ask('names, separated by commas: ', false);
    if (line === undefined) return undefined;
    const names = line.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    const unknown = names.filter((name) => !ids.includes(name));
    const wrong = unknown.map(
      (name) => `  there is no '${name}'${didYouMean(name, ids)}; there are: ${ids.join(', ')}`,
    );
    if (names.length === 0) wrong.push(`  a name is needed; there are: ${ids.join(', ')}`);
    if (wrong.length === 0) chosen = names;
    else complain(wrong, lines, print);
  }
  const answers: Record<string, string> = {};
  for (const target of offered.filter(({ id }) => chosen.includes(id))) {
    print(`\n${target.name}`);
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
  let more: boolean | undefined;
  for (;;) {
    const missing = problemsOf(answers)
      .filter((one) => one.missing)
      .map(({ name }) => name);
    const needed =
      answers[target.configuredBy ?? ''] === undefined
        ? target.configuredBy
        : names.find((name) => missing.includes(name));
    if (needed === undefined && more === undefined) {
      more = await wantsMore([...left], lines, print);
      if (more === undefined) return false;
    }
    const name = needed ?? (more ? [...left].find((one) => !restsOnSkipped(one, answers, left)) : undefined);
    if (name === undefined) return true;
    left.delete(name);
    const value = await answerTo(name, needed !== undefined, answers, lines, print);
    if (value === undefined) return false;
    if (value === ENOUGH && needed === undefined) more = false;
    else if (value !== '') answers[name] = value;
  }
}

/** Whether to ask for what is optional too; undefined if the input ended. */
async function wantsMore(names: string[], lines: Lines, print: Print): Promise<boolean | undefined> {
  print(`That is all it needs. Optional are ${names.join(', ')}`);
  for (;;) {
    const line = (await lines.ask('more? y or n (Enter is n): ', false))?.trim().toLowerCase();
    if (line === undefined) return undefined;
    if (['', 'n', 'no'].includes(line)) return false;
    if (['y', 'yes'].includes(line)) break;
    complain(["  'more?' takes y or n"], lines, print);
  }
  print(`Enter leaves a setting out, a full stop (${ENOUGH}) all that is left to ask`);
  return true;
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
      value === ''
        ? [`  ${name} is needed; for example: ${variable?.examples[0] ?? ''}`]
        : wrongWith(name, value, answers);
    if (wrong.length === 0) return value;
    complain(wrong, lines, print);
  }
}

/** Says what is wrong, to be asked again; what was piped in would be taken for other answers from here on. */
function complain(wrong: string[], lines: Lines, print: Print): void {
  if (!lines.terminal) throw new SuiteError(['nothing is written, for an answer is wrong:', ...wrong].join('\n'));
  for (const says of wrong) print(says);
}

function wrongWith(name: string, value: string, answers: Record<string, string>): string[] {
  const says = problemsOf({ ...answers, [name]: value })
    .filter((one) => one.name === name && !one.missing)
    .map((one) => one.says);
  if (dotenvOf({ [name]: value }).unwritable.length > 0)
    says.push(
      `  ${name} cannot be written: no .env file holds several kinds of quotes, or a # beside them; set it in the process environment`,
    );
  return [...new Set(says)];
}
