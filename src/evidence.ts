import type { Json } from './json.ts';
import { printableJson } from './printable.ts';
import type { Redactor } from './redact.ts';
import { line, shown, type Shown } from './shown.ts';
import type { Exchange } from './telling.ts';
import { parseJson } from './transport.ts';

/** Name under which the exchanges of a step are attached, after its id. */
const EVIDENCE = ' · request and answer';

/** One request and its answer as reports show them: masked. Pages, archives and latencies are made from these. */
export interface Evidence {
  operation: string;
  /** When it was sent, in milliseconds since 1970. */
  at: number;
  request: Message & { method: string; url: Shown };
  /** `ms`: from sending to the last byte; `repeated`: why it was sent again, once for each time. */
  answer?: Message & { status: number; ms: number; repeated?: string[] };
  /** Why no answer came. */
  problem?: Shown;
}

interface Message {
  /** `Name: value`, in order and in the case in which they went. */
  headers: Shown[];
  /** A body that is JSON; of any other, its first 4000 characters. */
  json?: Json;
  text?: Shown;
}

/** What went over the wire, masked. */
export function evidenceOf({ operation, at, sent, came, problem }: Exchange, redactor: Redactor): Evidence {
  const { method, origin, path } = sent;
  return {
    operation,
    at,
    request: { method, url: shown(origin + path, 'text', redactor), ...message(sent.headers, sent.body, redactor) },
    ...(came
      ? {
          answer: {
            status: came.status,
            ms: Math.round(came.ms * 10) / 10,
            ...(came.repeated ? { repeated: came.repeated } : {}),
            ...message(came.headers, came.body, redactor),
          },
        }
      : { problem: shown(problem ?? '', 'sentence', redactor) }),
  };
}

function message(headers: [string, string][], body: Buffer | undefined, redactor: Redactor): Message {
  return {
    headers: headers.map(([name, value]) => {
      const named = redactor.header(name, value);
      return line`${shown(name, 'place', redactor)}: ${shown(named, 'text', redactor)}`;
    }),
    ...masked(body, redactor),
  };
}

function masked(body: Buffer | undefined, redactor: Redactor): Pick<Message, 'json' | 'text'> {
  if (body === undefined || body.length === 0) return {};
  const parsed = parseJson(body);
  if ('json' in parsed) return { json: redactor.json(parsed.json) };
  return { text: shown(body.toString(), 'body', redactor) };
}

/** A masked body as text; undefined where there was none. */
export function bodyText({ json, text }: { json?: Json | undefined; text?: Shown | undefined }): Shown | undefined {
  return json === undefined ? text : (printableJson(json, 2) as Shown);
}

/** Name and text of what a step's exchanges are attached as. As JSON, which the HTML report of Playwright unfolds. */
export function attachmentOf(step: string, evidence: Evidence[]): { name: string; body: string } {
  return { name: step + EVIDENCE, body: printableJson(evidence, 2) };
}

/** The id of the step whose exchanges are attached under this name; undefined for other attachments. */
export function stepAttached(name: string): string | undefined {
  return name.endsWith(EVIDENCE) ? name.slice(0, -EVIDENCE.length) : undefined;
}
