import { STATUS_CODES } from 'node:http';
import { bodyText, type Evidence } from '../../evidence.ts';
import { verdictText } from '../document.ts';
import type { Run, ToldStory } from '../run.ts';
import { printableJson } from '../../printable.ts';

/** Everything that went over the wire as an HTTP archive (HAR 1.2), masked: a page for each story, exchanges as they were sent. */
export function harOf({ document, stories }: Run): string {
  const exchanges = stories.flatMap((story, index) =>
    story.statements.flatMap((statement) =>
      statement.evidence.map((evidence) => ({ page: `story-${index}`, statement: statement.id, evidence })),
    ),
  );
  const entries = exchanges
    .sort((a, b) => a.evidence.at - b.evidence.at)
    .map(({ page, statement, evidence }) => ({ pageref: page, ...entryOf(evidence), comment: statement }));
  const creator = { name: 'conformance', version: document.suite };
  return printableJson({
    log: { version: '1.2', creator, pages: stories.map(pageOf), entries, comment: verdictText(document) },
  });
}

function pageOf(story: ToldStory, index: number) {
  const started = Math.min(...story.statements.flatMap(({ evidence }) => evidence.map(({ at }) => at)));
  return {
    startedDateTime: new Date(Number.isFinite(started) ? started : 0).toISOString(),
    id: `story-${index}`,
    title: `${story.title} (${story.product} ${story.version})`,
    pageTimings: {},
  };
}

function entryOf({ at, request, answer, problem }: Evidence) {
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  const ms = answer?.ms ?? 0;
  const body = bodyText(request);
  const came = answer && bodyText(answer);
  const unknown = { headersSize: -1, bodySize: -1 };
  return {
    startedDateTime: new Date(at).toISOString(),
    time: ms,
    request: {
      ...{ method: request.method, url: request.url, httpVersion: 'HTTP/1.1', cookies: [] },
      headers: headersOf(request.headers),
      queryString: [...(url?.searchParams ?? [])].map(([name, value]) => ({ name, value })),
      ...(body === undefined ? {} : { postData: { mimeType: mediaOf(request.headers), text: body } }),
      ...unknown,
    },
    response: {
      ...{
        status: answer?.status ?? 0,
        statusText: STATUS_CODES[answer?.status ?? 0] ?? '',
        httpVersion: 'HTTP/1.1',
        cookies: [],
      },
      headers: headersOf(answer?.headers ?? []),
      content: {
        size: Buffer.byteLength(came ?? ''),
        mimeType: mediaOf(answer?.headers ?? []),
        ...(came === undefined ? {} : { text: came }),
      },
      redirectURL: valueOf(answer?.headers ?? [], 'location'),
      ...unknown,
      ...(problem === undefined ? {} : { comment: problem }),
    },
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
  };
}

function headersOf(headers: string[]): { name: string; value: string }[] {
  return headers.map((header) => {
    const end = header.indexOf(': ');
    return { name: header.slice(0, end), value: header.slice(end + 2) };
  });
}

function valueOf(headers: string[], name: string): string {
  return headersOf(headers).find((one) => one.name.toLowerCase() === name)?.value ?? '';
}

function mediaOf(headers: string[]): string {
  return valueOf(headers, 'content-type');
}
