import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { personalVariables, secretVariables, validateEnvironment, type Environment } from './environment.ts';
import { didYouMean, SuiteError } from './errors.ts';
import { mapStrings, type Json, type JsonObject } from './json.ts';
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
  /** Values that no output may show: a server must not answer with them either. */
  secrets: string[];
  /** Values about people, which a server may answer with, and no output may show. */
  personal: string[];
  features: string[];
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

/** @throws SuiteError for a target that does not exist, or an address that it cannot take */
export function chosen(text: string): Chosen {
  const [, alias, id = '', address] = /^(?:([\w.-]+)=)?([^@]*)(?:@(.*))?$/s.exec(text.trim()) ?? [];
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
  if (/^\w+:\/\/[^/?#]*@/.test(address))
    throw new SuiteError(
      `the address of '${id}' has a user or a password before its host: leave them out, the variables of .env give them`,
    );
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new SuiteError(`'${address}' is no address: write it like ${id}@https://idm.example.com:8443`);
  return { alias: alias ?? id, file, address };
}

/** The variables for a chosen target: its own address in place of the one that they give. */
function environmentFor({ file, address }: Chosen, environment: Environment): Environment {
  return address === undefined ? environment : { ...environment, [file.configuredBy ?? '']: address };
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
  const features = Array.isArray(file.features)
    ? file.features
    : (expand(file.features, variables).value ?? '').split(',').map((one) => one.trim());
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
    secrets: secretVariables().flatMap((name) => variables[name] ?? []),
    // Nobody lives in a world of our own.
    personal: world ? [] : personalVariables().flatMap((name) => textsIn(variables[name] ?? '')),
    features: features.filter((one) => one !== ''),
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
    server: serverOf(addresses, environment[file.configuredBy ?? '']),
    timeout: Number(environment['REQUEST_TIMEOUT'] ?? '30'),
    caFile: environment['TLS_CA_FILE'],
    certFile: environment['TLS_CERT_FILE'],
    keyFile: environment['TLS_KEY_FILE'],
    maxRps: environment['MAX_RPS'] === undefined ? undefined : Number(environment['MAX_RPS']),
    close: async () => world?.close(),
  };
}

/** A value, or each text in one that is JSON. */
function textsIn(value: string): string[] {
  if (!value.startsWith('{')) return [value];
  const texts: string[] = [];
  mapStrings(JSON.parse(value) as Json, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
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
