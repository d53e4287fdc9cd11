import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hiddenValues, validateEnvironment, type Environment } from './environment.ts';
import { didYouMean, SuiteError } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { Story } from './sequence.ts';
import { once, readFixture, ROOT, type YamlFile } from './yaml.ts';

type Value = string | string[];

/** A target as its file says it. */
export interface TargetFile {
  name: string;
  configuredBy?: string;
  world?: string;
  serves: { product: string; versions: string[] }[];
  addresses: Record<string, Value>;
  names?: Record<string, Value>;
  values?: Record<string, Value>;
  features: string | string[];
  checks?: { says: string; story: string; step: string; at?: string; is?: Value; advice?: Record<string, string> }[];
  lacks?: Record<string, string>;
  deviations?: Record<string, { because: string; seen: string; until?: string }>;
  configurable?: string;
  production?: { story: string; step: string; at: string; is: string; unless: string };
  readable?: { story: string; step: string };
}

/** A target ready to be judged. */
export interface Target {
  id: string;
  name: string;
  /** Whether the world was made by us: then what a page prints because of its example configuration is pinned too. */
  ours: boolean;
  serves: { product: string; version: string }[];
  /** Origin and path prefix by `x-address`, without a slash at the end. */
  addresses: Record<string, string>;
  /** Bound names. */
  names: Record<string, string>;
  /** Names, and addresses as `address.<key>`, that the target's file knows and that were not given, with the variables that would give them. */
  absent: Record<string, string[]>;
  /** The variables that give each name. */
  sources: Record<string, string[]>;
  /** What the operator gives for steps that fill a form. */
  values: Record<string, JsonObject>;
  /** Values that no output may show. */
  hidden: string[];
  /** Those of them that no answer may show either. */
  secrets: string[];
  /** Features that it must offer. */
  features: string[];
  /** Whether whatever else it offers is judged too; otherwise nothing else is. */
  others: boolean;
  /** What is asked to see whether the server can be judged. */
  checks: (Omit<NonNullable<TargetFile['checks']>[number], 'is'> & { is?: string | undefined })[];
  lacks: Record<string, string>;
  deviations: NonNullable<TargetFile['deviations']>;
  strict: boolean;
  undocumented: 'report' | 'fail';
  allowWrites: boolean;
  /** Whether stories may change how the server is configured, and the variable that says so. */
  configurable: { allowed: boolean; by?: string | undefined };
  /** Which answer tells that it is in production, unless it may be written to all the same. */
  production?: NonNullable<TargetFile['production']> | undefined;
  /** The step that may be sent with any credentials that are right. */
  readable?: NonNullable<TargetFile['readable']> | undefined;
  /** Tells this server from others, in the names of files. */
  server: string;
  /** How requests travel: a target is what a transport wants to know. */
  timeout: number;
  caFile: string | undefined;
  certFile: string | undefined;
  keyFile: string | undefined;
  maxRps: number | undefined;
  /** Ends a world of our own. */
  close: () => Promise<void>;
}

const FOLDER = 'fixtures/targets';

/** Every target file, by the name of the file. */
export const targetFiles = once((): Record<string, YamlFile<TargetFile>> =>
  Object.fromEntries(
    readdirSync(path.join(ROOT, FOLDER))
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => [
        path.basename(file, '.yaml'),
        readFixture<TargetFile>(`${FOLDER}/${file}`, 'fixtures/target.schema.json'),
      ]),
  ),
);

/** A target as it is chosen: `mine`, or `before=mine@https://old.example.com` for another server by the same file. */
interface Chosen {
  /** What the run calls it. */
  alias: string;
  file: TargetFile;
  /** The address that goes before the one of the variables. */
  address?: string;
}

/** `alias=id@address`, of which only the id must be there. */
const PARTS = /^(?:([\w.-]+)=)?([^@]*)(?:@(.*))?$/s;

/** @throws SuiteError for a target that does not exist, or an address that it cannot take */
export function chosen(text: string): Chosen {
  const [, alias, id = '', address] = PARTS.exec(text.trim()) ?? [];
  const files = targetFiles();
  const file = files[id]?.value;
  if (!file)
    throw new SuiteError(
      `there is no target '${id}'${didYouMean(id, Object.keys(files))}; there are: ${Object.keys(files).join(', ')} (files in ${FOLDER})`,
    );
  if (address === undefined) return { alias: alias ?? id, file };
  if (!Object.values(file.addresses).includes(`$${file.configuredBy ?? ''}`))
    throw new SuiteError(
      `the target '${id}' does not take an address (${text}): copy ${FOLDER}/${id}.yaml and give the copy addresses and credentials of its own`,
    );
  // The word itself is not said: it may hold a password.
  if (!/^https?:\/\/[^/?#@\s]+(\/|$)/.test(address) || !URL.canParse(address))
    throw new SuiteError(`what stands after ${id}@ is no address: write it like ${id}@https://idm.example.com:8443`);
  return { alias: alias ?? id, file, address };
}

/** The variables for a chosen target: its own address in place of the one that they give. */
function environmentFor({ file, address }: Chosen, environment: Environment): Environment {
  return address === undefined ? environment : { ...environment, [file.configuredBy ?? '']: address };
}

/**
 * Values of variables with the addresses that chosen targets bring along, where the variables give none: what belongs to
 * an address is not in want of one then.
 * @param wanted names separated by commas, as in TARGET
 */
export function withAddresses(values: Record<string, string>, wanted: string | undefined): Record<string, string> {
  const brought = (wanted ?? '').split(',').flatMap((name) => {
    const [, id = '', address] = PARTS.exec(name.trim())?.slice(1) ?? [];
    const variable = targetFiles()[id]?.value.configuredBy;
    return address === undefined || variable === undefined ? [] : [[variable, address]];
  });
  return { ...(Object.fromEntries(brought) as Record<string, string>), ...values };
}

/**
 * Which targets a run judges: those named, or those that are configured, or the one with a world of our own.
 * @param wanted names separated by commas, as in TARGET or --project
 * @throws SuiteError for an unknown or an unconfigured target
 */
export function choose(environment: Environment, wanted: string | undefined): string[] {
  const files = targetFiles();
  if (wanted === undefined) {
    const configured = Object.keys(files).filter((id) => isConfigured(files[id]?.value, environment));
    return configured.length > 0 ? configured : Object.keys(files).filter((id) => files[id]?.value.world !== undefined);
  }
  return wanted.split(',').map((name) => {
    const one = chosen(name);
    if (!one.file.world && !isConfigured(one.file, environmentFor(one, environment)))
      throw new SuiteError(
        `the target '${name.trim()}' is not configured: set ${one.file.configuredBy ?? 'its address'} in the environment or in .env (see .env.example)`,
      );
    return name.trim();
  });
}

function isConfigured(file: TargetFile | undefined, environment: Environment): boolean {
  return file?.configuredBy !== undefined && environment[file.configuredBy] !== undefined;
}

/** The versions of products that a target is held to, as far as its file and the variables say. */
export function serves(file: TargetFile, environment: Environment): { product: string; version: string }[] {
  return file.serves.flatMap(({ product, versions }) =>
    versions.map((version) => ({ product, version: expand(version, environment).value ?? version })),
  );
}

/** The features that a target is asked for, as far as its file and the variables say; undefined where they say nothing. */
export function featuresOf(file: TargetFile, environment: Environment): string[] | undefined {
  if (Array.isArray(file.features)) return file.features;
  const said = expand(file.features, environment).value;
  return said?.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
}

/** What starts a world of our own. */
export interface WorldModule {
  start: (options: JsonObject) => Promise<{ variables: Record<string, string>; close: () => Promise<void> }>;
}

/**
 * Makes a target ready: starts its world if it has one, and reads addresses and names from the variables.
 * @param options handed to the world's start()
 */
export async function openTarget(id: string, given: Environment, options: JsonObject = {}): Promise<Target> {
  const target = chosen(id);
  const { file, alias } = target;
  const environment = environmentFor(target, given);
  const world = file.world
    ? await ((await import(pathToFileURL(path.join(ROOT, file.world)).href)) as WorldModule).start(options)
    : undefined;
  const variables = world ? validateEnvironment({ ...world.variables }) : environment;
  const { secrets, personal } = hiddenValues(variables);
  const absent: Record<string, string[]> = {};
  const expanded = (values: Record<string, Value>, kind = ''): Record<string, string> =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        const found = expand(value, variables);
        if (found.value === undefined) absent[`${kind}${name}`] = found.missing;
        return found.value === undefined ? [] : [[name, found.value]];
      }),
    );
  const addresses = Object.fromEntries(
    Object.entries(expanded(file.addresses, 'address.')).map(([key, value]) => [key, value.replace(/\/+$/, '')]),
  );
  const names = expanded(file.names ?? {});
  const features = featuresOf(file, variables) ?? [];
  return {
    id: alias,
    name: file.name,
    ours: world !== undefined,
    serves: serves(file, variables),
    addresses,
    names,
    absent,
    sources: Object.fromEntries(
      Object.entries(file.names ?? {}).map(([name, value]) => [
        name,
        [value]
          .flat()
          .join(' ')
          .match(/(?<=\$)[A-Z0-9_]+/g) ?? [],
      ]),
    ),
    values: Object.fromEntries(
      Object.entries(file.values ?? {}).map(([key, value]) => [
        key,
        JSON.parse(expand(value, variables).value ?? '{}') as JsonObject,
      ]),
    ),
    // In a world of our own nobody is a person.
    hidden: world ? secrets : [...secrets, ...personal],
    secrets,
    features,
    others: !Array.isArray(file.features),
    lacks: file.lacks ?? {},
    checks: (file.checks ?? []).map(({ is, ...check }) => ({
      ...check,
      ...(is === undefined ? {} : { is: expand(is, variables).value }),
    })),
    deviations: file.deviations ?? {},
    strict: world !== undefined || environment['STRICT'] === 'true',
    undocumented: environment['UNDOCUMENTED'] === 'fail' ? 'fail' : 'report',
    allowWrites: environment['ALLOW_WRITES'] === 'true',
    configurable: {
      allowed: expand(file.configurable ?? '', variables).value === 'true',
      by: file.configurable?.replace('$', ''),
    },
    production: expand(file.production?.unless ?? '', variables).value === 'true' ? undefined : file.production,
    readable: file.readable,
    server: serverOf(addresses, environment[file.configuredBy ?? '']),
    timeout: Number(environment['REQUEST_TIMEOUT'] ?? '30'),
    caFile: environment['TLS_CA_FILE'],
    certFile: environment['TLS_CERT_FILE'],
    keyFile: environment['TLS_KEY_FILE'],
    maxRps: environment['MAX_RPS'] === undefined ? undefined : Number(environment['MAX_RPS']),
    close: async () => world?.close(),
  };
}

/** Whether a target must offer what a sequence is about; anything else is judged where it is offered. */
export function isRequired(story: Story, target: Target): boolean {
  return story.yaml.value.requires.some((feature) => target.features.includes(feature));
}

/** A short name for a server: where it is, and which part of it (an address may serve many). */
function serverOf(addresses: Record<string, string>, configuredBy = ''): string {
  const said = JSON.stringify([Object.entries(addresses).sort(), configuredBy.replace(/\/+$/, '')]);
  return createHash('sha256').update(said).digest('hex').slice(0, 16);
}

function expand(value: Value, variables: Record<string, string>): { value?: string; missing: string[] } {
  const missing: string[] = [];
  for (const text of [value].flat()) {
    const lacking: string[] = [];
    const filled = text.replace(/\$([A-Z][A-Z0-9_]*)/g, (_, name: string) => {
      if (variables[name] === undefined) lacking.push(name);
      return variables[name] ?? '';
    });
    if (lacking.length === 0) return { value: filled, missing: [] };
    missing.push(...lacking);
  }
  return { missing };
}
