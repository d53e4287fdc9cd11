import { ENV, namesIn, variables } from './environment.ts';
import { nearest } from './errors.ts';
import { targetFiles } from './target.ts';

/** From so many letters on, a second slip is one too, unless it is in how a name begins: SSL_CERT_FILE is another one's. */
const LONG = 10;

/**
 * A line for each name that looks like a setting of this suite and is none, wherever it is set; never with its value. Names
 * with the prefix of a target's settings are ours in any case; others are if they are nearly the name of a setting.
 */
export function misspelt(file = ENV, environment: NodeJS.ProcessEnv = process.env): string[] {
  const known = Object.keys(variables());
  const inFile = namesIn(file).filter((name) => !known.includes(name));
  const elsewhere = Object.keys(environment).filter((name) => !known.includes(name) && !inFile.includes(name));
  const alike = (name: string): string[] => known.filter((one) => sameStart(one, name));
  return [
    ...inFile.flatMap((name) => lineOf('.env', name, nearest(name, known), known)),
    // The process environment is full of names which are not ours.
    ...elsewhere.flatMap((name) => {
      const second = name.length < LONG ? undefined : nearest(name, alike(name), 2);
      return lineOf('environment', name, nearest(name, known, 1) ?? second, known);
    }),
  ];
}

function sameStart(one: string, other: string): boolean {
  return one.slice(0, 2).toUpperCase() === other.slice(0, 2).toUpperCase();
}

function lineOf(where: string, name: string, like: string | undefined, known: string[]): string[] {
  const prefix = prefixes().find((one) => name.toUpperCase().startsWith(one));
  const meant = prefix === undefined ? like : amongTheirs(name, prefix, known);
  const hint = meant === undefined ? '' : ` (did you mean '${meant}'?)`;
  return prefix === undefined && hint === '' ? [] : [`${where}: ${name} is not a variable of this suite${hint}`];
}

/** The setting that a name with the same prefix most likely means: what they share says nothing. */
function amongTheirs(name: string, prefix: string, known: string[]): string | undefined {
  const rests = known.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  const rest = nearest(name.slice(prefix.length), rests);
  return rest === undefined ? undefined : prefix + rest;
}

/** What the variables of targets begin with, such as `SHOP_`. */
function prefixes(): string[] {
  const settings = Object.values(targetFiles()).flatMap(({ value }) => value.configuredBy ?? []);
  return [...new Set(settings.flatMap((name) => /^[A-Z0-9]+_/.exec(name) ?? []))];
}
