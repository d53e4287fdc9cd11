import { randomBytes } from 'node:crypto';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import type { Arazzo, WorkflowStep } from '../../../src/arazzo/document.ts';
import type { Exported } from '../../../src/arazzo/export.ts';
import type { JsonObject } from '../../../src/json.ts';
import { openTarget, type Target } from '../../../src/target.ts';
import { ROOT } from '../../../src/yaml.ts';

const WORLD = 'x-world';
/** What respect need not read, which would only take time: everything is dereferenced, and requests are not checked. */
const UNREAD = ['components', 'requestBody', 'example', 'examples', 'externalDocs'];

/**
 * A contract as respect has to be given it: it takes every object for closed that does not say otherwise, and goes round and
 * round in a schema that holds itself.
 */
export async function openedContract(file: string): Promise<object> {
  const whole = await SwaggerParser.dereference(path.join(ROOT, file), { dereference: { circular: 'ignore' } });
  const opened = new Map<object, unknown>();
  const open = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    const known = opened.get(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) return value.map(open);
    const schema = ['properties', 'type', 'allOf', 'anyOf', 'oneOf', 'if'].some((word) => word in value);
    const made =
      '$ref' in value
        ? {}
        : Object.fromEntries(
            Object.entries(value)
              .filter(([name]) => !UNREAD.includes(name))
              .map(([name, one]) => [name, open(one)] as const),
          );
    const result = schema && !('unevaluatedProperties' in made) ? { ...made, unevaluatedProperties: true } : made;
    opened.set(value, result);
    return result;
  };
  return open(whole) as object;
}

/** One server that passes each request on to the world that its header names, so that each workflow has its own. */
export async function front(
  worlds: ReadonlyMap<string, Target>,
): Promise<{ origin: string; close: () => Promise<void> }> {
  const pass = (asked: IncomingMessage, answer: ServerResponse): void => {
    const { [WORLD]: name, host: _, ...headers } = asked.headers;
    const [address = ''] = Object.values(worlds.get(String(name))?.addresses ?? {});
    const passed = send(address + (asked.url ?? ''), { method: asked.method, headers }, (came) => {
      answer.writeHead(came.statusCode ?? 500, came.rawHeaders);
      came.pipe(answer);
    });
    passed.on('error', (error) => answer.destroy(error));
    asked.pipe(passed);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const world of worlds.values()) await world.close();
    },
  };
}

/** An export made ready for a runner: where its server is, which world each workflow is for, and the values of its inputs. */
export function runnable(
  document: Arazzo,
  exported: Exported[],
  worlds: ReadonlyMap<string, Target>,
  origin: string,
): object {
  return {
    ...document,
    sourceDescriptions: document.sourceDescriptions.map((one) => ({ ...one, 'x-serverUrl': origin })),
    workflows: exported.flatMap(({ workflow, given, story }) => {
      if (!workflow) return [];
      const world = `${document.info.title} ${workflow.workflowId}`;
      const target = worlds.get(world);
      const names: Record<string, string> = { ...target?.names };
      for (const [key, address] of Object.entries(target?.addresses ?? {})) names[`address.${key}`] = address;
      for (const [name, pattern] of Object.entries(story.sequence.fresh ?? {}))
        names[name] = pattern.replaceAll('{unique}', randomBytes(6).toString('hex'));
      const properties = Object.fromEntries(
        Object.entries(workflow.inputs.properties).map(([key, input]) => {
          const from = given[key] ?? { name: '' };
          const value =
            'name' in from
              ? names[from.name]
              : Buffer.from(from.base64.map((name) => encodeURIComponent(names[name] ?? '')).join(':')).toString(
                  'base64',
                );
          return [key, { ...input, default: value }];
        }),
      );
      const parameters = [{ in: 'header', name: WORLD, value: world }];
      return {
        ...workflow,
        steps: workflow.steps.map(lowered),
        parameters,
        inputs: { ...workflow.inputs, properties },
      };
    }),
  };
}

/** Respect writes JSON only for a media type in lower case, which is the same one (RFC 9110, 8.3.1). */
function lowered({ requestBody, ...step }: WorkflowStep): WorkflowStep {
  if (!requestBody) return step;
  return { ...step, requestBody: { ...requestBody, contentType: requestBody.contentType.toLowerCase() } };
}

/** A world for each workflow of a document. */
export async function worldsFor(
  documents: { document: Arazzo; exported: Exported[] }[],
  options: (workflow: string) => JsonObject = () => ({}),
): Promise<Map<string, Target>> {
  const worlds = new Map<string, Target>();
  for (const { document, exported } of documents)
    for (const { workflow, story } of exported)
      if (workflow) {
        const asked = { product: story.product, version: document.info.version, ...options(workflow.workflowId) };
        worlds.set(`${document.info.title} ${workflow.workflowId}`, await openTarget('reference', {}, asked));
      }
  return worlds;
}
