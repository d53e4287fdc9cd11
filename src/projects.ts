import type { PlaywrightTestConfig } from '@playwright/test';
import { checkProxies } from './dispatcher.ts';
import { readEnvironment, validateEnvironment, type Environment } from './environment.ts';
import { didYouMean, SuiteError } from './errors.ts';
import { misspelt } from './misspelt.ts';
import { stories } from './sequence.ts';
import { tlsOf } from './tls-files.ts';
import { choose, chosen, featuresOf, serves, targetFiles, withAddresses } from './target.ts';

/** Milliseconds that a timer of Node's takes at most: with more it is due at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

type Project = NonNullable<PlaywrightTestConfig<object, { targetId: string }>['projects']>[number];

/**
 * One Playwright project for each target that a run judges. A target's project runs the stories of the versions it serves.
 * A mistake in the configuration ends the run with exit code 2 and one message.
 */
export function targetProjects(): Project[] {
  try {
    if (process.env['TEST_WORKER_INDEX'] === undefined) for (const warning of misspelt()) console.warn(warning);
    const values = readEnvironment();
    const wanted = fromCommandLine() ?? values['TARGET'];
    const environment = validateEnvironment(withAddresses(values, wanted));
    const targets = choose(environment, wanted);
    for (const id of targets) checkTarget(id, environment);
    return targets.map((id) => targetProject(id, environment));
  } catch (error) {
    if (!(error instanceof SuiteError) || process.env['TEST_WORKER_INDEX'] !== undefined) throw error;
    console.error(`\n${error.message}\n`);
    process.exit(2);
  }
}

/** Milliseconds that the whole run may take; 0 for as long as it takes. */
export function runTimeout(): number {
  return Math.min(Number(readEnvironment()['RUN_TIMEOUT'] ?? 0) * 1000, LONGEST_TIMER);
}

/** @throws SuiteError for a mistake in a target's file, or in the settings that it reads, that would leave something unjudged */
export function checkTarget(id: string, environment: Environment): void {
  const name = Object.keys(targetFiles()).find((one) => targetFiles()[one]?.value === chosen(id).file);
  checkDeviations(name ?? id);
  checkFeatures(name ?? id, environment);
  checkProxies();
  tlsOf({
    caFile: environment['TLS_CA_FILE'],
    certFile: environment['TLS_CERT_FILE'],
    keyFile: environment['TLS_KEY_FILE'],
  });
}

/** A feature that no sequence is about would judge nothing. @throws SuiteError with the variable, or the line, and the nearest feature */
export function checkFeatures(id: string, environment: Environment, files = targetFiles()): void {
  const yaml = files[id];
  const known = new Set(yaml?.value.serves.flatMap(({ product }) => featuresAbout(product)));
  const asked = yaml === undefined ? [] : featuresOf(yaml.value, environment);
  const unknown = asked?.find((feature) => !known.has(feature));
  if (asked === undefined || (unknown === undefined && asked.length > 0)) return;
  const hint = `; there are: ${[...known].sort().join(', ')}`;
  const says =
    unknown === undefined
      ? `names no feature${hint}`
      : `there is no feature '${unknown}'${didYouMean(unknown, known)}${hint}`;
  const variable = yaml?.value.features;
  if (typeof variable === 'string') throw new SuiteError(`${variable.replace('$', '')}: ${says}`);
  throw new SuiteError(`features: ${says}`, yaml?.file, yaml?.line('/features'));
}

function featuresAbout(product: string): string[] {
  return stories(product).flatMap(({ sequence }) => sequence.requires);
}

/** A deviation that names no statement would tolerate nothing. @throws SuiteError with the line and the nearest statement */
export function checkDeviations(id: string, files = targetFiles()): void {
  const yaml = files[id];
  for (const key of Object.keys(yaml?.value.deviations ?? {})) {
    const [name, statement = ''] = key.split(/#(.*)/s);
    const story = stories().find((one) => one.id === name);
    const known = story
      ? [story.sequence.steps, story.sequence.refusals ?? [], story.sequence.probes ?? []].flat().map((one) => one.id)
      : stories().map((one) => one.id);
    const wanted = story ? statement : (name ?? '');
    // A refusal that follows from the contract begins with the id of the step that it varies.
    if (story && (known.includes(statement) || known.includes(statement.split('~')[0] ?? ''))) continue;
    throw new SuiteError(
      `deviation '${key}': there is no ${story ? `statement '${wanted}' in ${story.id}` : `sequence '${wanted}'`}${didYouMean(wanted, known)}; write <product>/<sequence>#<statement>`,
      yaml?.file,
      yaml?.line(`/deviations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  }
}

/** The project that judges one target. */
export function targetProject(id: string, environment: Environment): Project {
  const { alias, file } = chosen(id);
  const tags = serves(file, environment).map(({ product, version }) => `@${product}-${version}`.replaceAll('.', '\\.'));
  return {
    name: alias,
    grep: new RegExp(`(${tags.join('|')})(?![\\w.-])`),
    use: { targetId: id },
  };
}

/** Targets named by `--project`, which goes before TARGET; kept in TARGET, so that workers choose the same. */
function fromCommandLine(): string | undefined {
  const names = process.argv.flatMap((word, index) => {
    if (word.startsWith('--project=')) return [word.slice('--project='.length)];
    return process.argv[index - 1] === '--project' ? [word] : [];
  });
  if (names.length === 0) return undefined;
  process.env['TARGET'] = names.join(',');
  return process.env['TARGET'];
}
