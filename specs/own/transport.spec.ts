import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { headerValues, mediaType, parseJson } from '../../src/transport.ts';
import { ROOT } from '../../src/yaml.ts';
import { bodyOf, test } from './support/server.ts';

test('a request arrives as it was given: path, headers in their order and case, duplicates, body', async ({
  serve,
  send,
}) => {
  let arrived: unknown;
  const origin = await serve((request, response) => {
    void bodyOf(request).then((body) => {
      arrived = { method: request.method, url: request.url, headers: request.rawHeaders.join('|'), body };
      response.end();
    });
  });
  const headers: [string, string][] = [
    ['X-B', '1'],
    ['x-a', '2'],
    ['X-B', '3'],
  ];
  await send({ origin, method: 'PATCH', path: '/a/../b//%zz?q=%7E', headers, body: Buffer.from('{"a":') });
  expect(arrived).toMatchObject({ method: 'PATCH', url: '/a/../b//%zz?q=%7E', body: '{"a":' });
  expect(arrived).toHaveProperty('headers', expect.stringContaining('X-B|1|x-a|2|X-B|3'));
  expect(String((arrived as { headers: string }).headers.toLowerCase())).not.toMatch(/user-agent|accept|content-type/);
});

test('an answer arrives as it came: status, headers in their case, duplicates apart', async ({ serve, send }) => {
  const origin = await serve((_, response) => {
    response.writeHead(207, [
      'SET-COOKIE',
      'a=1; Path=/',
      'Set-Cookie',
      'b=2, c',
      'Content-Type',
      'Text/JSON ; charset=x',
    ]);
    response.end('[1]');
  });
  const came = await send({ origin });
  expect(came.status).toBe(207);
  expect(headerValues(came.headers, 'set-cookie')).toEqual(['a=1; Path=/', 'b=2, c']);
  expect(came.headers[0]?.[0]).toBe('SET-COOKIE');
  expect(mediaType(came.headers)).toBe('text/json');
  expect(parseJson(came.body)).toEqual({ json: [1] });
});

for (const [what, encoding, encode] of [
  ['gzip', 'gzip', gzipSync],
  ['x-gzip in upper case', 'X-GZIP', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without its zlib frame, as some servers send it', 'deflate', deflateRawSync],
  ['br', 'br', brotliCompressSync],
  ['gzip and then br', 'gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
  ['identity', 'identity', (text: string) => Buffer.from(text)],
] as [string, string, (text: string) => Buffer][])
  test(`an answer encoded as ${what} is read`, async ({ serve, send }) => {
    const origin = await serve((_, response) =>
      response.setHeader('Content-Encoding', encoding).end(encode('{"ä":1}')),
    );
    expect(parseJson((await send({ origin })).body)).toEqual({ json: { ä: 1 } });
  });

test('an answer in chunks, byte by byte, is read whole', async ({ serve, send }) => {
  const origin = await serve((_, response) => {
    for (const byte of Buffer.from('{"ä":[1,2]}')) response.write(Buffer.from([byte]));
    response.end();
  });
  expect(parseJson((await send({ origin })).body)).toEqual({ json: { ä: [1, 2] } });
});

test('an answer that ends with the connection is read, and the next request opens another', async ({
  serveBytes,
  send,
}) => {
  const origin = await serveBytes('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"a":1}');
  expect(parseJson((await send({ origin })).body)).toEqual({ json: { a: 1 } });
  expect(parseJson((await send({ origin })).body)).toEqual({ json: { a: 1 } });
});

test('429 and 503 with Retry-After are sent again, in seconds or as a date', async ({ serve, send }) => {
  const waits = ['0', new Date(0).toUTCString(), ' 0 '];
  let calls = 0;
  const origin = await serve((request, response) => {
    void bodyOf(request).then((body) => {
      const wait = waits[calls++];
      if (wait === undefined) response.end(body);
      else response.writeHead(calls === 1 ? 429 : 503, { 'Retry-After': wait }).end();
    });
  });
  const came = await send({ origin, method: 'POST', body: Buffer.from('again') });
  expect([came.status, came.body.toString(), calls]).toEqual([200, 'again', 4]);
});

test('429 without Retry-After is sent again a few times, 503 without it never', async ({ serve, send }) => {
  let calls = 0;
  const origin = await serve((request, response) => {
    calls++;
    response.writeHead(request.url === '/soon' && calls === 3 ? 200 : request.url === '/down' ? 503 : 429).end();
  });
  const soon = await send({ origin, path: '/soon' }, { backoff: 0.01 });
  expect([soon.status, soon.repeated]).toEqual([200, ['429 without Retry-After', '429 without Retry-After']]);
  calls = 0;
  expect((await send({ origin, path: '/never' }, { backoff: 0.01 })).status).toBe(429);
  expect(calls).toBe(4);
  expect((await send({ origin, path: '/down' })).status).toBe(503);
  expect(calls).toBe(5);
});

test('429 with Retry-After, always, is the answer in the end', async ({ serve, send }) => {
  let calls = 0;
  const origin = await serve((_, response) => {
    calls++;
    response.writeHead(429, { 'Retry-After': '0' }).end();
  });
  expect((await send({ origin })).status).toBe(429);
  expect(calls).toBe(6);
});

test('nothing listening is unreachable, with the address and what to check', async ({ failure }) => {
  const error = await failure({ origin: 'http://127.0.0.1:1', path: '/a?token=hidden' });
  expect(error).toMatchObject({ name: 'TransportError', reason: 'unreachable' });
  expect(error.message).toContain('GET http://127.0.0.1:1/a: nothing answers');
  expect(error.message).not.toContain('hidden');
});

test('a host name that nobody knows is unreachable', async ({ failure }) => {
  const error = await failure({ origin: 'http://nobody.invalid' });
  expect(error).toMatchObject({ reason: 'unreachable' });
  expect(error.message).toContain('host name is not known');
});

test('no answer, or half of one, in time is a timeout', async ({ serve, failure }) => {
  const origin = await serve((request, response) => {
    if (request.url === '/half') response.writeHead(200).write('{"a":');
  });
  for (const path of ['/none', '/half']) {
    const error = await failure({ origin, path }, { timeout: 0.2 });
    expect(error).toMatchObject({ reason: 'timeout' });
    expect(error.message).toContain('within 0.2 s (REQUEST_TIMEOUT');
  }
});

test('an answer that ends too early is cut short', async ({ serveBytes, failure }) => {
  const short = await serveBytes('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"a":1');
  expect(await failure({ origin: short })).toMatchObject({ reason: 'cut short' });
  const chunk = await serveBytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n');
  expect(await failure({ origin: chunk })).toMatchObject({ reason: 'cut short' });
  expect(await failure({ origin: await serveBytes('') })).toMatchObject({ reason: 'closed' });
});

test('what is not HTTP is told as such', async ({ serveBytes, failure }) => {
  expect(await failure({ origin: await serveBytes('SSH-2.0-OpenSSH_9.7\r\n') })).toMatchObject({ reason: 'not http' });
});

test('an encoding that does not decode is told', async ({ serve, failure }) => {
  const origin = await serve((_, response) => response.setHeader('Content-Encoding', 'gzip').end('no gzip'));
  const error = await failure({ origin });
  expect(error).toMatchObject({ name: 'TransportError' });
  expect(error.message).not.toContain('no gzip');
});

test('an answer larger than the limit is not read to its end, compressed or not', async ({ serve, failure }) => {
  const origin = await serve((request, response) => {
    const body = 'x'.repeat(100_000);
    if (request.url === '/small') response.setHeader('Content-Encoding', 'gzip').end(gzipSync(body));
    else response.end(body);
  });
  expect(await failure({ origin }, { limit: 50_000 })).toMatchObject({ reason: 'too large' });
  expect(await failure({ origin, path: '/small' }, { limit: 50_000 })).toMatchObject({ reason: 'too large' });
});

test('an unknown authority is a TLS failure, and TLS_CA_FILE makes it known', async ({
  serve,
  send,
  failure,
}, info) => {
  const [key, cert] = [info.outputPath('key.pem'), info.outputPath('cert.pem')];
  const made = selfSigned(key, cert);
  test.skip(!made, 'openssl is not installed');
  const origin = await serve((_, response) => response.end('[]'), {
    key: readFileSync(key, 'utf8'),
    cert: readFileSync(cert, 'utf8'),
  });
  const error = await failure({ origin });
  expect(error).toMatchObject({ reason: 'tls' });
  expect(error.message).toContain('TLS_CA_FILE');
  expect((await send({ origin }, { caFile: cert })).status).toBe(200);
  await expect(send({ origin }, { caFile: `${cert}.not` })).rejects.toThrow('TLS_CA_FILE');
});

test('a server that asks for a client certificate gets the one of TLS_CERT_FILE', async ({
  serve,
  send,
  failure,
}, info) => {
  const [key, cert] = [info.outputPath('key.pem'), info.outputPath('cert.pem')];
  test.skip(!selfSigned(key, cert), 'openssl is not installed');
  const pem = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const origin = await serve((_, response) => response.end('[]'), {
    ...pem,
    ca: pem.cert,
    requestCert: true,
    rejectUnauthorized: true,
  });
  expect((await failure({ origin }, { caFile: cert })).name).toBe('TransportError');
  expect((await send({ origin }, { caFile: cert, certFile: cert, keyFile: key })).status).toBe(200);
  await expect(send({ origin }, { certFile: `${cert}.not` })).rejects.toThrow('TLS_CERT_FILE');
  const config = path.join(ROOT, 'package.json');
  await expect(send({ origin }, { keyFile: config })).rejects.toThrow('is not a PEM file');
});

test('what is safe to repeat is sent again, once, after a connection that was closed, and says so', async ({
  serve,
  send,
  failure,
}) => {
  const seen: string[] = [];
  const origin = await serve((request, response) => {
    seen.push(request.method ?? '');
    if (request.url === '/never' || seen.length === 1) request.socket.destroy();
    else response.end('[]');
  });
  expect(await send({ origin })).toMatchObject({ status: 200, repeated: ['the server had closed the connection'] });
  expect(seen).toEqual(['GET', 'GET']);
  expect(await failure({ origin, path: '/never' })).toMatchObject({ reason: 'closed' });
  expect(await failure({ origin, path: '/never', method: 'POST' })).toMatchObject({ reason: 'closed' });
  expect(seen.slice(2)).toEqual(['GET', 'GET', 'POST']);
});

test('no more requests than so many go out in a second', async ({ serve, send }) => {
  const times: number[] = [];
  const origin = await serve((_, response) => {
    times.push(performance.now());
    response.end();
  });
  await Promise.all([1, 2, 3, 4].map(() => send({ origin }, { maxRps: 20 })));
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(130); // three times 50 ms, less what a timer may be early
});

test('a redirect is an answer, and is not followed', async ({ serve, send }) => {
  const paths: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    paths.push(request.url);
    response.writeHead(302, { Location: '/elsewhere' }).end();
  });
  expect((await send({ origin, path: '/here' })).status).toBe(302);
  expect(paths).toEqual(['/here']);
});

test('this machine is never reached through a proxy, and others are', async ({ serve, serveBytes, send, failure }) => {
  const origin = await serve((_, response) => response.end('direct'));
  process.env['HTTP_PROXY'] = await serveBytes('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
  try {
    expect((await send({ origin })).body.toString()).toBe('direct');
    const error = await failure({ origin: 'http://idm.invalid' });
    expect(error).toMatchObject({ reason: 'unreachable' });
    expect(error.message).toContain('the proxy did not let it through');
  } finally {
    delete process.env['HTTP_PROXY'];
  }
});

function selfSigned(key: string, cert: string): boolean {
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
  try {
    execFileSync('openssl', [...request, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
