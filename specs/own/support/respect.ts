import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import type { Workflow, WorkflowStep } from '../../../src/arazzo/document.ts';
import { arazzoOf, type Exported } from '../../../src/arazzo/export.ts';
import { redocly } from '../../../src/redocly.ts';
import { openTarget, type Target } from '../../../src/target.ts';
import { ROOT } from '../../../src/yaml.ts';
import { copiedContract } from './foreign-contract.ts';

/** The header by which a workflow says which world it is for. */
const WORLD = 'x-world';

/** What respect reports of one workflow. */
interface Executed {
  workflowId: string;
  executedSteps: { stepId: string; checks: { name: string; passed: boolean; message: string; condition?: string }[] }[];
}

/** What one workflow came to: how many of its steps were taken, and a line for each check that failed. */
export interface Witnessed {
  steps: number;
  of: number;
  failed: string[];
}

/**
 * Has respect run sequences, each against a fresh world of its own.
 * @param folder from the project's folder, for what respect reads and writes
 * @param faulty a sequence that is run once more against a world with a fault: the workflow `faulty`
 */
export async function respected(
  folder: string,
  versions: { product: string; version: string }[],
  faulty: { workflow: string; fault: string },
): Promise<Map<string, Witnessed>> {
  const worlds = new Map<string, Target>();
  const server = await front(worlds);
  const write = (file: string, value: object): void =>
    writeFileSync(path.join(ROOT, folder, file), JSON.stringify(value));
  const sizes = new Map<string, number>();
  for (const { product, version } of versions) {
    const { document, exported } = arazzoOf(product, version, `${product}.json`);
    write(`${product}.json`, await openedContract(copiedContract(folder, product, version)));
    const workflows: Workflow[] = [];
    for (const one of exported)
      for (const workflow of one.workflow ? [one.workflow, twin(one.workflow)] : []) {
        const twinned = workflow.workflowId === 'faulty';
        if (twinned && one.workflow?.workflowId !== faulty.workflow) continue;
        const name = `${product} ${workflow.workflowId}`;
        const world = await openTarget('reference', {}, { product, version, faults: twinned ? [faulty.fault] : [] });
        worlds.set(name, world);
        sizes.set(name, workflow.steps.length);
        workflows.push(runnable(workflow, one, world, name));
      }
    const sourceDescriptions = document.sourceDescriptions.map((one) => ({ ...one, 'x-serverUrl': server.origin }));
    write(`${product}.arazzo.json`, { ...document, sourceDescriptions, workflows });
  }
  const files = versions.map(({ product }) => `${folder}/${product}.arazzo.json`);
  const { output } = await redocly('respect', ...files, '--json-output', `${folder}/respect.json`);
  await server.close();
  for (const world of worlds.values()) await world.close();
  return new Map(
    read(`${folder}/respect.json`, output).map(([product, { workflowId, executedSteps }]) => {
      const failed = executedSteps.flatMap(({ stepId, checks }) =>
        checks
          .filter((check) => !check.passed)
          .map(({ name, condition, message }) => `respect ${product} ${stepId} ${name}: ${condition ?? message}`),
      );
      const name = `${product} ${workflowId}`;
      return [name, { steps: executedSteps.length, of: sizes.get(name) ?? 0, failed }];
    }),
  );
}

/** What respect has written, by product. @throws Error with what it printed, if it has not run anything */
function read(file: string, output: string): [string, Executed][] {
  let text: string;
  try {
    text = readFileSync(path.join(ROOT, file), 'utf8');
  } catch {
    throw new Error(`respect ran nothing:\n${output.slice(0, 4000)}`);
  }
  const { files } = JSON.parse(text) as { files: Record<string, { executedWorkflows: Executed[] }> };
  return Object.entries(files).flatMap(([name, { executedWorkflows }]) =>
    executedWorkflows.map((one): [string, Executed] => [path.basename(name, '.arazzo.json'), one]),
  );
}

function twin(workflow: Workflow): Workflow {
  return { ...workflow, workflowId: 'faulty' };
}

/** One server that passes each request on to the world that its header names. */
async function front(worlds: ReadonlyMap<string, Target>): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer((asked, answer) => {
    const { [WORLD]: name, host: _, ...headers } = asked.headers;
    const [address = ''] = Object.values(worlds.get(String(name))?.addresses ?? {});
    // A connection for each request: one that is kept may be closed at the very moment when it is taken again.
    const options = { method: asked.method, headers: { ...headers, connection: 'close' }, agent: false };
    const passed = send(address + (asked.url ?? ''), options, (came) => {
      answer.writeHead(came.statusCode ?? 500, came.rawHeaders);
      came.pipe(answer);
    });
    passed.on('error', (error) => answer.destroy(error));
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A workflow with the values of its inputs, and the world that it is for. */
function runnable(workflow: Workflow, { given, story }: Exported, world: Target, name: string): Workflow {
  const known: Record<string, string> = { ...world.names };
  for (const [key, address] of Object.entries(world.addresses)) known[`address.${key}`] = address;
  for (const [fresh, pattern] of Object.entries(story.sequence.fresh ?? {}))
    known[fresh] = pattern.replaceAll('{unique}', randomBytes(6).toString('hex')).replaceAll('{uuid}', randomUUID());
  const valueOf = (key: string): string => {
    const from = given[key] ?? { name: '' };
    if ('name' in from) return known[from.name] ?? '';
    const parts = from.base64.map((one) => (from.form ? encodeURIComponent(known[one] ?? '') : (known[one] ?? '')));
    return Buffer.from(parts.join(':')).toString('base64');
  };
  const properties = Object.entries(workflow.inputs.properties).map(([key, input]) => [
    key,
    { ...input, default: valueOf(key) },
  ]);
  const parameters = [{ in: 'header', name: WORLD, value: name }];
  const inputs: Workflow['inputs'] = { type: 'object', properties: Object.fromEntries(properties) as never };
  return { ...workflow, ...{ parameters }, inputs, steps: workflow.steps.map(lowered) };
}

/** Respect writes JSON only for a media type in lower case, which is the same one (RFC 9110, 8.3.1). */
function lowered({ requestBody, ...step }: WorkflowStep): WorkflowStep {
  if (!requestBody) return step;
  return { ...step, requestBody: { ...requestBody, contentType: requestBody.contentType.toLowerCase() } };
}

/** What respect need not read, which would only take time: everything is dereferenced, and requests are not checked. */
const UNREAD = ['components', 'requestBody', 'example', 'examples', 'externalDocs'];
const SCHEMA = ['properties', 'type', 'allOf', 'anyOf', 'oneOf', 'if'];

/**
 * A contract as respect has to be given it: it takes every object for closed that does not say otherwise, and goes round and
 * round in a schema that holds itself.
 */
async function openedContract(file: string): Promise<object> {
  const whole = await SwaggerParser.dereference(path.join(ROOT, file), { dereference: { circular: 'ignore' } });
  const opened = new Map<object, object>();
  const open = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(open);
    if ('$ref' in value) return {};
    const made =
      opened.get(value) ??
      Object.fromEntries([
        ...(SCHEMA.some((word) => word in value) ? [['unevaluatedProperties', true]] : []),
        ...Object.entries(value)
          .filter(([name]) => !UNREAD.includes(name))
          .map(([name, one]) => [name, open(one)]),
      ] as [string, unknown][]);
    opened.set(value, made);
    return made;
  };
  return open(whole) as object;
}
