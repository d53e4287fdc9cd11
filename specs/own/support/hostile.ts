import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Text that a terminal, a log of a CI, a page, or a table would obey. */
export const COMMANDS = [
  '\u001b[2J\u001b]0;owned\u0007\u001b[31m',
  '\u009b31m\u0085',
  '\r\n::error file=a::owned\n##vso[task.complete]owned\n',
  '<script>owned()</script><img src=x onerror=owned()>]]><x a="b">&lt;',
  '| a | b |\n|---|---|\n[x](javascript:owned) `',
  '\u202egnp.exe\u2066\u2028\u2029\u0000\ufffe\u007f',
].join(' ');

/** What a server sends as an answer: bytes, or whatever it does with the connection. */
type Answering = string | Buffer | ((socket: Socket) => void);

/** An answer of HTTP with a body; what is not said is as it should be. */
export function answer(body: string | Buffer, headers: string[] = [], status = '200 OK'): Buffer {
  const bytes = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${status}`,
    ...(headers.some((one) => /^content-type/i.test(one)) ? [] : ['Content-Type: application/json']),
    ...(headers.some((one) => /^(content-length|transfer-encoding)/i.test(one))
      ? []
      : [`Content-Length: ${bytes.length}`]),
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

const book = (more: string): string => `{"id":"1","title":"a book"${more}}`;
const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** Writes for ever, as fast as it is read. */
function endless(first: string, chunk: string | Buffer) {
  return (socket: Socket): void => {
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', write);
    socket.write(first);
    write();
  };
}

function drip(first: string, text: string, every: number) {
  return (socket: Socket): void => {
    socket.write(first);
    const timer = setInterval(() => socket.write(text), every);
    socket.on('close', () => {
      clearInterval(timer);
    });
  };
}

const deep = 100_000;
const bomb = gzipSync(Buffer.alloc(60 * 1024 * 1024));

/** What a server may answer with that means harm, or is broken: each with what must be said of it. */
export const HOSTILE: Record<string, [says: RegExp, answering: Answering]> = {
  'headers without end': [
    /headers of the answer are too large/,
    endless('HTTP/1.1 200 OK\r\n', `X: ${'a'.repeat(1000)}\r\n`),
  ],
  'one header of a megabyte': [/headers of the answer are too large/, answer('{}', [`X: ${'a'.repeat(1_000_000)}`])],
  'lists nested a hundred thousand deep': [/JSON nested 100000 deep/, answer('['.repeat(deep) + ']'.repeat(deep))],
  'objects nested a hundred thousand deep': [
    /JSON nested 100001 deep/,
    answer('{"a":'.repeat(deep) + '{}' + '}'.repeat(deep)),
  ],
  'a list of a million numbers': [/JSON of 1000001 values/, answer(`[${'0,'.repeat(1_000_000)}0]`)],
  'members by the ten thousand': [
    /more/,
    answer(book(Array.from({ length: 30_000 }, (_, index) => `,"m${index}":{}`).join(''))),
  ],
  'a number too large': [/a number too large to be read/, answer(book(',"price":1e400'))],
  'a number of fifty digits': [/printed value|undocumented/, answer(book(`,"number":${'1234567890'.repeat(5)}`))],
  'a member twice': [/'title' more than once/, answer(book(',"title":"another"'))],
  'members that every object inherits': [
    /__proto__.*constructor/,
    answer(
      book(
        ',"__proto__":{"admin":true,"toString":1},"constructor":{"prototype":{"admin":true}},"hasOwnProperty":1,"toString":2',
      ),
    ),
  ],
  'halves of characters': [/\\ud800/, answer(book(',"half\\ud800":"\\ud800","author":{"name":"\\udfff"}'))],
  'bytes that are no text': [/not JSON/, answer(Buffer.from([0x22, 0xc3, 0x28, 0xff, 0x22]))],
  'a byte order mark': [/byte order mark/, answer(`\ufeff${book('')}`)],
  'a redirect to another host': [/302/, answer('', ['Location: http://127.0.0.2:9/stolen'], '302 Found')],
  'commands for a terminal, a page and a table': [
    /500/,
    answer(JSON.stringify({ code: 500, message: COMMANDS, [COMMANDS]: COMMANDS }), [], '500 No'),
  ],
  'commands in headers': [
    /undocumented|media type/,
    answer(book(''), ['Content-Type: text/\u009b31m<b>', 'X-Evil: \u009b2J']),
  ],
  'fifty megabytes': [
    /larger than 10485760 bytes/,
    endless(`${head}Content-Length: 52428800\r\n\r\n`, Buffer.alloc(1 << 16, 'a')),
  ],
  'a body without end': [
    /larger than 10485760 bytes/,
    endless(`${head}Transfer-Encoding: chunked\r\n\r\n`, `10000\r\n${'a'.repeat(0x10000)}\r\n`),
  ],
  'a body by drops': [/no whole answer within/, drip(`${head}Content-Length: 1000\r\n\r\n`, ' ', 50)],
  'headers by drops': [/no whole answer within/, drip('HTTP/1.1 200 OK\r\n', 'X: a\r\n', 50)],
  'nothing at all': [/no whole answer within/, () => undefined],
  'less than it promises': [/connection ended before/, (socket) => socket.end(`${head}Content-Length: 100\r\n\r\n{}`)],
  'more than it promises': [/something that is not JSON/, answer(book(''), ['Content-Length: 5'])],
  'two lengths': [/CONTENT_LENGTH/, answer('{}', ['Content-Length: 2', 'Content-Length: 3'])],
  'a chunk of a size that is none': [/not valid HTTP/, answer('zz\r\n{}\r\n0\r\n\r\n', ['Transfer-Encoding: chunked'])],
  'another answer right behind': [/printed value/, Buffer.concat([answer(book('')), answer('{"stolen":1}')])],
  'news ahead of the answer without end': [
    /no whole answer within|too large/,
    endless('', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'),
  ],
  'a switch to another protocol': [
    /not valid HTTP|connection ended/,
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  ],
  'fifty megabytes in a small archive': [/larger than 10485760 bytes/, answer(bomb, ['Content-Encoding: gzip'])],
  'encodings by the hundred': [
    /encoded 300 times/,
    answer('{}', [`Content-Encoding: ${Array(300).fill('gzip').join(', ')}`]),
  ],
  'cookies by the hundred, for other hosts': [
    /printed value/,
    answer(
      book(''),
      Array.from({ length: 200 }, (_, index) => `Set-Cookie: c${index}=v; Domain=example.com; Path=/x`),
    ),
  ],
  'a status that there is not': [/999/, answer('{}', [], '999 What')],
  'a status of two digits': [/not valid HTTP/, answer('{}', [], '99 What')],
  'a status line without a status': [/not valid HTTP/, 'HTTP/1.1 \r\n\r\n'],
  'a status line without a reason': [/printed value/, answer(book(''), [], '200')],
  'something of another protocol': [/not valid HTTP/, '\u0000\u0001SSH-2.0-\u001b[31m\r\n'],
  'a text that names members of objects': [/printed value|contract/, answer('"__proto__"')],
};

/** Starts a server that gives an answer to whatever it is sent, by the path of the request; an unknown path is none. */
export async function hostileServer(of: (path: string) => Answering): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const path = /^\w+ (\S+) HTTP/.exec(data.toString('latin1'))?.[1];
      if (path === undefined) return;
      const answering = of(path);
      if (typeof answering === 'function') answering(socket);
      else socket.write(answering);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
