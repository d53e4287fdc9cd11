import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect } from '@playwright/test';
import { validateEnvironment } from '../../src/environment.ts';
import { Redactor } from '../../src/redact.ts';
import { tellInto, untold } from '../../src/report/told.ts';
import { verdictOf } from '../../src/result.ts';
import { storyOf } from '../../src/sequence.ts';
import { openTarget } from '../../src/target.ts';
import { Transport } from '../../src/transport.ts';
import { checkProxies } from '../../src/dispatcher.ts';
import { test as base } from './support/server.ts';

interface Pem {
  key: string;
  cert: string;
  file: string;
  keyFile: string;
}

/** A self-signed certificate of this machine. */
function made(folder: (name: string) => string, name: string): Pem {
  const [keyFile, file] = [folder(`${name}.key`), folder(`${name}.pem`)];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
  execFileSync('openssl', [...request, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', file], {
    stdio: 'ignore',
  });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(file, 'utf8'), file, keyFile };
}

const test = base.extend<{ pem: Pem }>({
  pem: async ({}, use, info) => {
    await use(made((name) => info.outputPath(name), 'own'));
  },
});

test('whatever keeps TLS from being spoken is a failure of TLS, with the hint that helps', async ({
  serve,
  serveBytes,
  failure,
  pem,
  started,
}, info) => {
  const answer = (_: unknown, response: { end: (text: string) => unknown }): unknown => response.end('[]');
  const plain = await serve(answer);
  const secure = await serve(answer, { key: pem.key, cert: pem.cert });
  const asking = { key: pem.key, cert: pem.cert, ca: pem.cert, requestCert: true, rejectUnauthorized: true };
  const mutual = await serve(answer, { ...asking, maxVersion: 'TLSv1.3' });
  const older = await serve(answer, { ...asking, maxVersion: 'TLSv1.2' });
  const alert = await serveBytes('\u0015\u0003\u0001\u0000\u0002\u0002\u000a');
  const closing = await started(
    createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end())),
  );
  const scheme = (origin: string, to: string): string => origin.replace(/^https?/, to);
  const trusted = { caFile: pem.file };
  const other = made((name) => info.outputPath(name), 'other');
  const theirs = { ...trusted, certFile: other.file, keyFile: other.keyFile };
  for (const [origin, options, hint, not] of [
    [scheme(secure, 'http'), {}, /write https:\/\//, /TLS_CA_FILE/],
    [scheme(mutual, 'http'), {}, /write https:\/\//, /TLS_CA_FILE/],
    [scheme(plain, 'https'), {}, /write http:\/\//, /TLS_CA_FILE/],
    [scheme(alert, 'https'), {}, /TLS/, /TLS_CA_FILE/],
    [`https://127.0.0.1:${closing}`, {}, /http:\/\//, /TLS_CA_FILE/],
    [mutual, trusted, /set TLS_CERT_FILE and TLS_KEY_FILE/, /TLS_CA_FILE/],
    [older, trusted, /set TLS_CERT_FILE and TLS_KEY_FILE/, /TLS_CA_FILE/],
    [mutual, theirs, /does it take .*TLS_CERT_FILE/, /TLS_CA_FILE/],
    [secure.replace('127.0.0.1', 'localhost'), trusted, /another host name/, /TLS_CA_FILE/],
    [secure, {}, /set TLS_CA_FILE/, /TLS_CERT_FILE/],
    [secure, { caFile: other.file }, /not from the authority in TLS_CA_FILE/, /TLS_CERT_FILE/],
  ] as const) {
    const error = await failure({ origin }, options);
    expect([origin, error.name, error.reason]).toEqual([origin, 'TransportError', 'tls']);
    expect(error.message).toMatch(hint);
    expect(error.message).not.toMatch(not);
  }
});

test('a certificate whose time is over is told as such', async ({ serve, failure, pem }, info) => {
  const [request, file] = [info.outputPath('old.csr'), info.outputPath('old.pem')];
  execFileSync('openssl', ['req', '-new', '-key', pem.keyFile, '-subj', '/CN=127.0.0.1', '-out', request]);
  const past = ['x509', '-req', '-in', request, '-signkey', pem.keyFile, '-days', '-1', '-out', file];
  execFileSync('openssl', past, { stdio: 'ignore' });
  const origin = await serve((_, response) => response.end('[]'), { key: pem.key, cert: readFileSync(file, 'utf8') });
  const error = await failure({ origin }, { caFile: file });
  expect([error.reason, error.message]).toEqual(['tls', expect.stringContaining('has expired')]);
});

for (const [what, status, headers, body] of [
  ['a proxy that says so', 400, {}, '<h1>400 The plain HTTP request was sent to HTTPS port</h1>'],
  ['a redirect to the same place', 301, { Location: 'https://127.0.0.1:8443/a' }, ''],
] as const)
  test(`an answer without TLS is only suspected where TLS is spoken: ${what}`, async ({ serve, send }) => {
    const origin = await serve((_, response) => response.writeHead(status, headers).end(body));
    // Nothing speaks TLS at this port, so that this is how the server answers.
    expect((await send({ origin, path: '/a' })).status).toBe(status);
  });

test('a server that ends connections without an answer, and speaks as it was asked, is at fault itself', async ({
  serve,
  failure,
  pem,
}) => {
  const ending = await serve((request) => request.socket.destroy(), { key: pem.key, cert: pem.cert });
  expect(await failure({ origin: ending }, { caFile: pem.file })).toMatchObject({ reason: 'closed' });
  expect(await failure({ origin: await serve((request) => request.socket.destroy()) })).toMatchObject({
    reason: 'closed',
  });
});

test('a server with the wrong scheme in its address is not testable, and violates nothing', async ({ serve, pem }) => {
  const secure = await serve((_, response) => response.end('[]'), { key: pem.key, cert: pem.cert });
  const login = { PINGIDM_USER_USERNAME: 'bjensen', PINGIDM_USER_PASSWORD: 'Passw0rd' };
  const environment = validateEnvironment({ ...login, PINGIDM_URL: secure.replace('https', 'http') });
  const target = await openTarget('pingidm', environment);
  const transport = new Transport(target);
  const story = storyOf('pingidm/progressive-profile');
  const result = untold(story, '7.5', target);
  await tellInto(result, story, target, transport, new Redactor());
  await transport.close();
  expect(verdictOf([result])).toBe('not testable');
});

test('a proxy without an address is a mistake in the settings, which are not shown', () => {
  for (const wrong of ['proxy', 'ftp://proxy', '//anna:word@proxy'])
    expect(() => checkProxies({ HTTPS_PROXY: wrong })).toThrow(
      /^HTTPS_PROXY is not the address of a proxy: write it like/,
    );
  expect(() => checkProxies({ HTTP_PROXY: 'http://anna:word@proxy:1', https_proxy: '' })).not.toThrow();
});
