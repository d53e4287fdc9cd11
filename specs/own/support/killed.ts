import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { validateEnvironment, type Environment } from '../../../src/environment.ts';
import { start } from '../../../src/reference/index.ts';
import { ROOT } from '../../../src/yaml.ts';
import { bodyOf } from './server.ts';

/** A world behind a door that counts requests, and shuts at one of them. */
export interface Watched {
  /** Points a client at the world, through the door. */
  environment: Environment;
  /** The world itself, past the door. */
  origin: string;
  /** Runs at that request, before or after the world has carried it out; its answer never comes. */
  shutAt: (request: number, moment: 'before' | 'after', shut: () => void) => void;
  count: () => number;
  close: () => Promise<void>;
}

/** A request that went through the door, and what was answered. */
export interface Passed {
  method: string;
  url: string;
  sent: Buffer;
  status: number;
  body: Buffer;
}

/** Starts a world and its door. @param change what the door makes of the body of an answer */
export async function watched(
  product: string,
  change: (passed: Passed) => Buffer = ({ body }) => body,
): Promise<Watched> {
  const world = await start({ product, version: '7.5' });
  const origin = (product === 'pingidm' ? world.variables['PINGIDM_URL'] : world.variables['PINGONE_API_URL']) ?? '';
  let seen = 0;
  let stop = { request: Infinity, moment: 'before', shut: (): void => undefined };
  const forward = async (request: IncomingMessage): Promise<{ status: number; headers: Headers; body: Buffer }> => {
    const body = await bodyOf(request);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const method = request.method ?? 'GET';
    const came = await fetch(origin + (request.url ?? ''), {
      method,
      headers: headers as Record<string, string>,
      redirect: 'manual',
      ...(['GET', 'HEAD'].includes(method) ? {} : { body }),
    });
    const answered = { status: came.status, body: Buffer.from(await came.arrayBuffer()) };
    const changed = change({ method, url: request.url ?? '', sent: Buffer.from(body), ...answered });
    return { status: came.status, headers: came.headers, body: changed };
  };
  const door = createServer((request, response) => {
    const here = ++seen >= stop.request;
    const turnAway = (): void => {
      stop.shut();
      request.socket.destroy();
    };
    if (here && (stop.moment === 'before' || seen > stop.request)) {
      turnAway();
      return;
    }
    void forward(request).then(({ status, headers, body }) => {
      if (here) turnAway();
      else response.writeHead(status, [...headers].filter(([name]) => name !== 'content-length').flat()).end(body);
    });
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  const through = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const variables = Object.entries({ ...world.variables, PINGIDM_PROVISION: 'true' });
  const environment = validateEnvironment(
    Object.fromEntries(variables.map(([name, value]) => [name, value.replace(origin, through)])),
  );
  return {
    environment,
    origin,
    shutAt: (request, moment, shut) => {
      seen = 0;
      stop = { request, moment, shut };
    },
    count: () => seen,
    close: async () => {
      door.closeAllConnections();
      door.close();
      await world.close();
    },
  };
}

/** What can be seen of a world: everything that stories create or change there, whatever differs from reading to reading apart. */
export async function seen(product: string, { origin, environment }: Watched): Promise<unknown> {
  return product === 'pingidm' ? await seenOfIdm(origin, environment) : await seenOfOne(origin, environment);
}

async function read(url: string, headers: Record<string, string>): Promise<unknown> {
  const came = await fetch(url, { headers });
  return came.status === 200 ? await came.json() : came.status;
}

async function seenOfIdm(origin: string, environment: Environment): Promise<unknown> {
  const headers = {
    'X-OpenIDM-Username': environment['PINGIDM_ADMIN_USERNAME'] ?? '',
    'X-OpenIDM-Password': environment['PINGIDM_ADMIN_PASSWORD'] ?? '',
  };
  const files = ['selfservice/profile', 'auth.profile', 'managed', 'selfservice.kba'];
  const all = ['managed/user?_queryFilter=true', ...files.map((file) => `config/${file}`)];
  return await Promise.all(all.map((path) => read(`${origin}/openidm/${path}`, headers)));
}

async function seenOfOne(origin: string, environment: Environment): Promise<unknown> {
  const [id = '', client = '', secret = ''] = ['ENVIRONMENT_ID', 'CLIENT_ID', 'CLIENT_SECRET'].map(
    (name) => environment[`PINGONE_${name}`] ?? '',
  );
  const came = await fetch(`${origin}/${id}/as/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await came.json()) as { access_token: string };
  const lists = ['signOnPolicies', 'populations', 'users', 'applications'];
  const url = (list: string): string => `${origin}/v1/environments/${id}/${list}`;
  const found = await Promise.all(lists.map((list) => read(url(list), { Authorization: `Bearer ${token}` })));
  // When something was last changed is no trace of what it is.
  return JSON.parse(JSON.stringify(found, (name, value: unknown) => (name === 'updatedAt' ? undefined : value)));
}

const TELLER = fileURLToPath(new URL('teller.ts', import.meta.url));

/** Starts a process that tells a story; it ends with 1 if something does not hold. */
export function teller(folder: string, target: string, story: string, environment: Environment): ChildProcess {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, ['--import', 'tsx', TELLER, folder, target, story], {
    cwd: ROOT,
    env: { PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
