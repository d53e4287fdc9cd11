import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { test as base } from '@playwright/test';
import { Transport, type Came, type Sent, type TransportError, type TransportOptions } from '../../../src/transport.ts';

interface Network {
  /** Starts a server on loopback for one test and gives its origin. */
  serve: (listener: RequestListener, tls?: ServerOptions) => Promise<string>;
  /** The same below HTTP: what comes first on a connection is answered with these bytes, and the connection ends. */
  serveBytes: (answer: string) => Promise<string>;
  /** Sends one request; the options are those of the transport. */
  send: (sent: Partial<Sent>, options?: Partial<TransportOptions>) => Promise<Came>;
  /** The error that sending ends with. */
  failure: (sent: Partial<Sent>, options?: Partial<TransportOptions>) => Promise<TransportError>;
}

/** Playwright's `test` with throw-away servers and the engine's transport. */
export const test = base.extend<Network & { started: (server: Server) => Promise<number>; sockets: Set<Socket> }>({
  sockets: async ({}, use) => {
    const sockets = new Set<Socket>();
    await use(sockets);
    for (const socket of sockets) socket.destroy();
  },
  started: async ({ sockets }, use) => {
    const servers: Server[] = [];
    await use(async (server) => {
      servers.push(server);
      server.on('connection', (socket: Socket) => sockets.add(socket));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    });
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  },
  serve: async ({ started }, use) => {
    await use(async (listener, tls) => {
      const port = await started(tls ? createTlsServer(tls, listener) : createServer(listener));
      return `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
    });
  },
  serveBytes: async ({ started }, use) => {
    await use(async (answer) => {
      const server = createSocketServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(answer));
      });
      return `http://127.0.0.1:${await started(server)}`;
    });
  },
  send: async ({}, use) => {
    const transports: Transport[] = [];
    await use(async (sent, options) => {
      const transport = new Transport({ timeout: 20, ...options });
      transports.push(transport);
      return await transport.send({ method: 'GET', origin: '', path: '/', headers: [], ...sent });
    });
    for (const transport of transports) await transport.close();
  },
  failure: async ({ send }, use) => {
    await use(async (sent, options) => {
      try {
        await send(sent, options);
      } catch (error) {
        return error as TransportError;
      }
      throw new Error('an answer came');
    });
  },
});

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
