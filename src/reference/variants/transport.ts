import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outgoing, RawHeaders } from '../http.ts';
import { steady, type Hooks, type Variants } from './variant.ts';
import { eachHeader } from './values.ts';

const sent = (send: Hooks['send'] & object): (() => Hooks) => steady({ send });

const headers = (change: (headers: RawHeaders) => RawHeaders): (() => Hooks) =>
  sent((out) => ({ ...out, headers: change(out.headers) }));

const mediaType = (change: (value: string) => string): (() => Hooks) =>
  headers((all) => eachHeader(all, 'content-type', change));

/** Encodes a body; a Content-Encoding that is there already comes first. */
function encoded(name: string, encode: (body: Buffer) => Buffer): () => Hooks {
  return sent((out) => {
    if (!out.body?.length) return out;
    const before = out.headers.find(([one]) => one.toLowerCase() === 'content-encoding')?.[1];
    const others = out.headers.filter(([one]) => one.toLowerCase() !== 'content-encoding');
    const coding: [string, string] = ['Content-Encoding', before === undefined ? name : `${before}, ${name}`];
    return { ...out, headers: [...others, coding, ['Vary', 'Accept-Encoding']], body: encode(out.body) };
  });
}

const chunked = (out: Outgoing): Outgoing =>
  out.body === undefined
    ? out
    : {
        ...out,
        headers: [...out.headers, ['Transfer-Encoding', 'chunked']],
        pieces: out.pieces ?? { bytes: 97, ms: 0 },
      };

const capitals = (name: string): string => name.toUpperCase();

/** What HTTP (RFC 9110, RFC 9112) leaves to a server about the form of an answer. */
export const TRANSPORT_VARIANTS = {
  'media-type-with-charset': {
    says: 'The media type names a character set.',
    hooks: mediaType((value) => `${value};charset=utf-8`),
  },
  'media-type-in-capitals': {
    says: 'The media type is written in capitals and its parameter is quoted.',
    hooks: mediaType((value) => `${value.toUpperCase()}; CHARSET="UTF-8"`),
  },
  'media-type-spaced': {
    says: 'The media type has blanks around its parameters, and one more parameter.',
    hooks: mediaType((value) => `${value} ; charset=utf-8 ; q="1;2"`),
  },
  'header-names-in-lower-case': {
    says: 'Header names are written in lower case.',
    hooks: headers((all) => all.map(([name, value]) => [name.toLowerCase(), value])),
  },
  'header-names-in-capitals': {
    says: 'Header names are written in capitals.',
    hooks: headers((all) => all.map(([name, value]) => [capitals(name), value])),
  },
  'header-order-reversed': {
    says: 'Headers come in another order.',
    hooks: headers((all) => all.toReversed()),
  },
  'header-values-padded': {
    says: 'There are blanks and tabs around the values of headers.',
    unseen: 'blanks around the value of a header are no part of it (RFC 9110, 5.5)',
    hooks: headers((all) => all.map(([name, value]) => [name, /[\t ]$/.test(value) ? value : ` \t${value} \t`])),
  },
  'reason-phrases-differ': {
    says: 'The words after the status are not the usual ones.',
    unseen: 'a client does not have to look at them',
    hooks: sent((out) => ({ ...out, reason: 'As You Like It' })),
  },
  'early-hints': {
    says: 'An interim answer goes before each final one.',
    unseen: 'a client passes over interim answers',
    hooks: sent((out) => ({ ...out, hints: '</style.css>; rel=preload; as=style' })),
  },
  'slow-answers': {
    says: 'Every fifth answer takes a while.',
    unseen: 'time is all that differs',
    hooks: () => {
      let count = 0;
      return {
        send: async (out) => {
          count += 1;
          if (count % 5 === 0) await sleep(5);
          return out;
        },
      };
    },
  },
  'slow-bytes': {
    says: 'The bytes of an answer trickle in.',
    unseen: 'time is all that differs',
    hooks: sent((out) => ({ ...out, pieces: { bytes: 611, ms: 1 } })),
  },
  'connection-closed': {
    says: 'The connection is closed after each answer.',
    hooks: headers((all) => [...all, ['Connection', 'close']]),
  },
  'connection-short-lived': {
    says: 'The server says that it keeps connections for one second only.',
    hooks: headers((all) => [...all, ['Connection', 'keep-alive'], ['Keep-Alive', 'timeout=1, max=7']]),
  },
  'body-until-close': {
    says: 'Answers have no length: the end of the connection is the end of the body.',
    hooks: sent((out) => (out.body === undefined ? out : { ...out, untilClose: true })),
  },
  chunked: {
    says: 'Bodies come in chunks.',
    hooks: sent(chunked),
  },
  'chunked-with-trailers': {
    says: 'Bodies come in chunks, with fields after them.',
    hooks: sent((out) => {
      if (out.body === undefined) return out;
      const told = chunked({ ...out, headers: [...out.headers, ['Trailer', 'Server-Timing']] });
      return { ...told, trailers: [['Server-Timing', 'db;dur=53']] };
    }),
  },
  gzip: {
    says: 'Bodies are compressed with gzip without having been asked for.',
    hooks: encoded('GZip', gzipSync),
  },
  deflate: {
    says: 'Bodies are compressed with deflate without having been asked for.',
    hooks: encoded('deflate', deflateSync),
  },
  brotli: {
    says: 'Bodies are compressed with brotli without having been asked for.',
    hooks: encoded('br', (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })),
  },
  'compressed-twice': {
    says: 'Bodies are compressed by two codings, one after the other.',
    hooks: encoded('deflate, gzip', (body) => gzipSync(deflateSync(body))),
  },
} satisfies Variants;
