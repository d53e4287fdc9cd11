import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { start, type Reference } from '../../../src/reference/index.ts';
import { ECHOED, MARKS, PLANTED } from './canaries.ts';
import { bodyOf } from './server.ts';

/** A world that takes canaries for its credentials, gives canaries out, and says them all wherever it can. */
export interface Parrot {
  origin: string;
  /** Points a client at it, with canaries in every variable that is secret. */
  variables: Record<string, string>;
  /** Runs at each request. */
  onRequest: (act: () => void) => void;
  /** Marks that clients have sent. */
  heard: Set<string>;
  close: () => Promise<void>;
}

/** A text with all that a careless server echoes, each in a form of its own. */
function chatter(): string {
  const basic = ECHOED.map((one) => Buffer.from(`user:${one}`).toString('base64'));
  const encoded = ECHOED.map((one) => `/callback?state=1&code=${MARKS.code}-1&p=${encodeURIComponent(one)}`);
  return [...ECHOED, ...basic, ...encoded, ...ECHOED.map((one) => JSON.stringify(one))].join(' ; ');
}

const html = (text: string): string =>
  `<html><body><p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}</p></body></html>`;

/** Names of members whose value is given to the client, with the kind of canary that takes its place. */
const GIVEN: Record<string, string> = {
  token: MARKS.snapshot,
  access_token: MARKS.bearer,
  id_token: MARKS.bearer,
};

/** Starts a world and the parrot before it. Below `/rude` every third answer is no JSON, or cut short; below `/slow` none comes, and connections end after three. */
export async function parrot(): Promise<Parrot> {
  const world = await start({ product: 'pingidm', version: '7.5' });
  const rudeWorld = await start({ product: 'pingidm', version: '7.5' });
  const originOf = ({ variables }: Reference): string => variables['PINGIDM_URL'] ?? '';
  const behind = originOf(world);
  const real = new Map(
    Object.entries(PLANTED).flatMap(([name, canary]) => {
      const value = world.variables[name];
      return value === undefined || canary.startsWith('{') ? [] : [[canary, value]];
    }),
  );
  const given = new Map<string, string>();
  const heard = new Set<string>();
  let act = (): void => undefined;
  let count = 0;
  let slow = 0;
  /** What the world knows, for what the client says. */
  const understood = (text: string): string => {
    for (const [kind, mark] of Object.entries(MARKS)) if (text.includes(mark)) heard.add(kind);
    return [...real, ...given].reduce(
      (all, [canary, value]) =>
        all
          .replaceAll(canary, value)
          .replaceAll(encodeURIComponent(canary), encodeURIComponent(value))
          .replaceAll(new URLSearchParams([['', canary]]).toString().slice(1), encodeURIComponent(value))
          .replaceAll(JSON.stringify(canary).slice(1, -1), JSON.stringify(value).slice(1, -1)),
      text,
    );
  };
  const header = (value: string): string => {
    const [, basic] = /^Basic (.+)$/.exec(value) ?? [];
    if (basic === undefined) return understood(value);
    return `Basic ${Buffer.from(understood(Buffer.from(basic, 'base64').toString())).toString('base64')}`;
  };
  /** A canary for what the world gives out: the same for the same value. */
  const planted = (mark: string, value: string): string => {
    const known = [...given].find(([, one]) => one === value);
    const canary = known?.[0] ?? `${mark}.${given.size}`;
    given.set(canary, value);
    return canary;
  };
  const said = (text: string): string => {
    const value = JSON.parse(text, (name, one: unknown) => {
      const mark = GIVEN[name];
      return mark !== undefined && typeof one === 'string' ? planted(mark, one) : one;
    }) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
    const [token, access, code, answer] = [MARKS.snapshot, MARKS.bearer, MARKS.code, MARKS.answer].map(
      (one) => `${one}-1`,
    );
    const named = { session: { token, access_token: access }, authorizeResponse: { code }, kbaInfo: [{ answer }] };
    return JSON.stringify({ ...value, echo: chatter(), ...named, again: `${token} ${access} ${code} ${answer}` });
  };
  const listener: RequestListener = (request, response) => {
    act();
    const [, mood = '', url = ''] = /^(\/rude|\/slow)?(.*)$/s.exec(request.url ?? '') ?? [];
    void bodyOf(request).then(async (body) => {
      if (mood === '/slow') {
        if (slow++ > 2) request.socket.destroy();
        return;
      }
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
      const method = request.method ?? 'GET';
      const came = await fetch(originOf(mood === '/rude' ? rudeWorld : world) + understood(url), {
        method,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, header(String(value))])),
        redirect: 'manual',
        ...(['GET', 'HEAD'].includes(method) ? {} : { body: understood(body) }),
      });
      const text = await came.text();
      const cookies = came.headers.getSetCookie().map((one) => {
        const [, name = '', value = '', rest = ''] = /^([^=]*)=([^;]*)(.*)$/.exec(one) ?? [];
        return `${name}=${planted(MARKS.cookie, value)}${rest}`;
      });
      count++;
      const rude = mood === '/rude' && count > 3 ? count % 3 : 0;
      const type = came.headers.get('content-type') ?? 'text/plain';
      // A configuration is put back as it was read: what it says is kept in a journal.
      const json = type.includes('json') && text !== '' && !url.includes('/config/') ? said(text) : text;
      const out = rude === 1 ? html(chatter()) : rude === 2 ? json.slice(0, json.indexOf(MARKS.password) + 25) : json;
      response.writeHead(rude === 1 ? 502 : came.status, {
        'Content-Type': rude === 1 ? 'text/html' : type,
        Location: `http://127.0.0.1/back?code=${MARKS.code}-1&token=${MARKS.snapshot}.9#access_token=${MARKS.bearer}.9`,
        'X-Echo': `${MARKS.code}-1 ${encodeURIComponent(chatter())}`,
        'WWW-Authenticate': `Basic realm=${JSON.stringify(ECHOED[0])}`,
        'Set-Cookie': cookies,
      });
      response.end(out);
    });
  };
  const server: Server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = Object.entries({ ...world.variables, ...PLANTED });
  return {
    origin,
    variables: Object.fromEntries(variables.map(([name, value]) => [name, value.replace(behind, origin)])),
    onRequest: (one) => (act = one),
    heard,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([world.close(), rudeWorld.close()]);
    },
  };
}
