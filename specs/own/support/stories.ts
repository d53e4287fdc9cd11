import { ITEM } from '../../../src/among.ts';
import type { Contract, Operation } from '../../../src/contract.ts';
import { expressionsIn } from '../../../src/expression.ts';
import { at, child, isObject, mapStrings, type Json } from '../../../src/json.ts';
import { bind, isName, Names, type Scope } from '../../../src/names.ts';
import { printedText, type Printed } from '../../../src/printed.ts';
import { deriveRefusals } from '../../../src/refusals.ts';
import { contractOf } from '../../../src/contract.ts';
import { build, draftOf } from '../../../src/request.ts';
import { stories, type PrintedRequest, type Story } from '../../../src/sequence.ts';
import { walk } from '../../../src/walk.ts';

/** Every sequence in every version that it is told for. */
export const TOLD = stories().flatMap((story) =>
  Object.keys(story.versions).map((version) => ({
    story,
    version,
    contract: contractOf(story.product, version),
    title: `${story.id} (${version})`,
  })),
);

const PRINTED = TOLD.flatMap(({ story }) => story.sequence.steps);

/** Names of addresses stand for an address each; every other literal stays as it is printed. */
function addresses(names: Names): Scope {
  return names
    .all()
    .filter((name) => name.startsWith('address.'))
    .reduce<Scope>((scope, name) => bind(scope, { name, value: `http://${name}`, place: 'given' }), new Map());
}

/** The requests of a story besides its refusals: what is sent at each step, and what undoes it. */
export function requestsOf(story: Story): { where: string; operation: string; request: PrintedRequest }[] {
  const { steps, refusals = [] } = story.sequence;
  const sent = steps.map((step) => ({
    where: `${story.yaml.name}: ${step.id}`,
    operation: step.operation,
    request: draftOf(step.request, step.errata),
  }));
  const undos = [...steps, ...refusals].flatMap(({ id, undo }) =>
    undo
      ? [
          {
            where: `${story.yaml.name}: ${id} undo`,
            operation: undo.operation,
            request: { method: '', url: undo.url, headers: undo.headers },
          },
        ]
      : [],
  );
  return [...sent, ...undos];
}

/** Where what is sent does not lead to the operation that is named. */
export function astray(story: Story, contract: Contract): string[] {
  const names = new Names(story.sequence.names);
  return requestsOf(story).flatMap(({ where, operation: id, request }) => {
    const operation = contract.operations.get(id);
    if (!operation) return [`${where}: there is no operation ${id} in ${contract.file}`];
    const { sent } = build(
      { headers: {}, ...request },
      { names, scope: addresses(names), recorded: new Map() },
      undefined,
    );
    const problems: string[] = [];
    if (request.method !== '' && request.method !== operation.method)
      problems.push(`sends ${request.method}, and ${id} is ${operation.method}`);
    if (sent.origin !== `http://address.${operation.address}`)
      problems.push(`goes to ${sent.origin}, and ${id} is served by address.${operation.address}`);
    if (!fits(operation, sent.path)) problems.push(`sends ${sent.path}, and ${id} is at ${operation.path}`);
    return problems.map((problem) => `${where} ${problem}`);
  });
}

function fits(operation: Operation, sent: string): boolean {
  const [template = '', wanted = ''] = operation.path.split('?');
  const [route = '', query = ''] = sent.split('?');
  const pattern = template
    .split('/')
    .map((part) => (/^\{.+\}$/.test(part) ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')))
    .join('/');
  return (
    new RegExp(`^${pattern}$`).test(route) &&
    [...new URLSearchParams(wanted)].every(([name, value]) => new URLSearchParams(query).get(name) === value)
  );
}

/**
 * What a contract finds wrong with what is printed. Members may be missing where a page prints the whole answer
 * elsewhere, or where no page prints it at all.
 */
export function againstContract(story: Story, contract: Contract): string[] {
  const { steps } = story.sequence;
  return steps.flatMap((step) => {
    const operation = contract.operation(step.operation);
    const draft = draftOf(step.request, step.errata);
    const problems: string[] = [];
    const judge = (what: string, schema: { file: string; pointer: string } | undefined, value: Json): void => {
      if (!schema) problems.push(`${what}: the contract has no schema`);
      else problems.push(...contract.validate(schema, value).map((one) => `${what}${one.pointer} ${one.expected}`));
    };
    // What an expression stands for is printed at another step, or nowhere.
    if (draft.body !== undefined && !isExpression(draft.body)) {
      const type = Object.entries(draft.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
      judge('request', contract.requestSchema(operation, type), plain(draft.body));
    }
    const statuses = statusesOf(step.answer.status);
    for (const status of statuses)
      if (
        !contract
          .answers(operation)
          .some(
            (one) =>
              one.status === status ||
              one.status === `${status[0] ?? ''}XX` ||
              (status.endsWith('XX') && one.status[0] === status[0]),
          )
      )
        problems.push(`status ${status}: ${operation.id} does not list it`);
    if (step.answer.body !== undefined) {
      const [status = '200'] = statuses;
      const one = contract.answers(operation).find((listed) => status.endsWith('XX') && listed.status[0] === status[0]);
      const schema = contract.answerSchema(operation, Number(one?.status ?? status), 'application/json');
      const before = problems.length;
      judge('answer', schema, plain(step.answer.body));
      const found = problems.splice(before);
      const part = (step.basis ?? 'documented') !== 'documented' || printedWhole(operation, contract);
      const wrong = found.filter((one) => !(part && one.includes(' lacks the member ')));
      const unnamed = schema && found.length === 0 ? contract.unnamed(schema, plain(step.answer.body)) : [];
      problems.push(
        ...wrong,
        ...unnamed.map((pointer) => `answer${pointer} is printed, and the contract has no such member`),
      );
    }
    return problems.map((problem) => `${story.yaml.name}: ${step.id} ${problem}`);
  });
}

function isExpression(body: Json): boolean {
  return typeof body === 'string' && body.startsWith('$');
}

/** `{{placeholders}}` of a page are no URLs and no names: the word in them is. */
function plain(value: Json): Json {
  return mapStrings(value, (text) => text.replace(/\{\{(\w+)\}\}/g, '$1'));
}

/** Whether some page prints a whole answer of an operation: then another one may show a part. */
function printedWhole(operation: Operation, contract: Contract): boolean {
  return PRINTED.some((step) => {
    const schema = contract.answerSchema(operation, Number(statusesOf(step.answer.status)[0]), 'application/json');
    return (
      step.operation === operation.id &&
      step.answer.body !== undefined &&
      schema !== undefined &&
      contract.validate(schema, plain(step.answer.body)).length === 0
    );
  });
}

function statusesOf(status: unknown): string[] {
  return [status].flat().flatMap((one) => {
    if (one === undefined) return [];
    return String(typeof one === 'object' && one !== null && 'is' in one ? one.is : one);
  });
}

/** Every text of a value, member names too, with its pointer and the member it stands in. */
export function textsIn(value: Json, pointer = ''): { text: string; pointer: string; member: string }[] {
  if (typeof value === 'string') return [{ text: value, pointer, member: pointer.split('/').at(-1) ?? '' }];
  if (Array.isArray(value)) return value.flatMap((one, index) => textsIn(one, child(pointer, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => [
    { text: name, pointer: child(pointer, name), member: '' },
    ...textsIn(one, child(pointer, name)),
  ]);
}

/** Sentences as reports print them: of the steps (with refusals and probes), and of each step's further statements. */
export function sentencesOf({ sequence }: Story): string[][] {
  const { steps, refusals = [], probes = [], unchecked = [] } = sequence;
  const says = (list: { says: string }[]): string[] => list.map((one) => one.says);
  return [
    [sequence.title, ...says(steps), ...says(refusals), ...says(probes), ...says(unchecked)],
    ...steps.map((step) => says(step.also ?? [])),
    ...steps.flatMap((step) => (step.again ? [[step.again.says]] : [])),
  ];
}

/** What the contract builds from the request and from other members in the answers to a story's steps. */
export function templatesOf({ sequence }: Story, contract: Contract): Json[] {
  const found: Json[] = [];
  const apply = (schema: Json): void => {
    if (isObject(schema) && isObject(schema['x-templates'])) found.push(schema['x-templates']);
  };
  for (const operation of new Set(sequence.steps.map((step) => contract.operation(step.operation))))
    for (const { status, media } of contract.answers(operation))
      for (const type of media) {
        const schema = contract.answerSchema(operation, Number(status), type.toLowerCase());
        if (schema) walk({ contract, apply }, schema);
      }
  return found;
}

/** The literals (and header uses, as `literal in header x`) of the table of names that nothing in the sequence uses. */
export function unusedLiterals(story: Story): string[] {
  const { names: table, ...said } = story.sequence;
  const contracts = Object.keys(story.versions).map((version) => contractOf(story.product, version));
  const rest = { said, implied: contracts.map((contract) => templatesOf(story, contract)) };
  const names = new Names(table);
  const used = new Set<string>();
  for (const { text, pointer, member } of textsIn(rest as unknown as Json)) {
    const header = /\/headers\/[^/]+$/.test(pointer) && member !== '' ? member.toLowerCase() : undefined;
    for (const part of names.parts(printedText(text), header))
      if (isName(part)) {
        used.add(part.literal);
        if (header !== undefined) used.add(`${part.literal} in header ${header}`);
      }
  }
  return Object.entries(table).flatMap(([literal, use]) =>
    typeof use === 'object' && !('is' in use)
      ? Object.keys(use)
          .map((header) => `${literal} in ${header}`)
          .filter((one) => !used.has(one))
      : used.has(literal)
        ? []
        : [literal],
  );
}

/** Pointers of `vary`, `configured`, `follows` and `lost` that point at nothing printed, and of `undo` ids that no answer has. */
export function loosePointers({ sequence }: Story): string[] {
  const printed = (id: string): Json | undefined => sequence.steps.find((step) => step.id === id)?.answer.body;
  const loose: string[] = [];
  const look = (what: string, step: string, pointer: string): void => {
    if (at(printed(step), pointer) === undefined) loose.push(`${what}: ${step} ${pointer}`);
  };
  for (const step of sequence.steps) {
    // What varies may be a member that is not printed, beside those that are.
    for (const pointer of Object.keys(step.vary ?? {}))
      if (pointer !== '' && step.answer.body !== undefined)
        look('vary', step.id, pointer.slice(0, pointer.lastIndexOf('/')));
    // What a later step creates is found in a list.
    if (step.undo?.id !== undefined && statusesOf(step.answer.status).includes('201'))
      look('undo', step.id, step.undo.id);
    const [from = '', link] = step.follows?.split('.response.body#') ?? [];
    if (link !== undefined) look('follows', from.slice(1), link);
  }
  for (const [step, excuses] of Object.entries(sequence.configured ?? {}))
    for (const pointer of Object.keys(excuses)) look('configured', step, pointer);
  for (const page of sequence.pages)
    if (typeof page !== 'string')
      for (const one of page.lost) look('lost', one.split(' ')[0] ?? '', one.slice(one.indexOf(' ') + 1));
  return loose;
}

/** Steps that create something which, if no answer came, nobody would find: neither by a fresh name nor in what was created before. */
export function untraceable({ sequence }: Story): string[] {
  const names = new Names(sequence.names);
  const fresh = Object.keys(sequence.fresh ?? {}).filter((name) => !sequence.secret?.includes(name));
  const created = new Set<string>();
  return sequence.steps.flatMap(({ id, undo, request, answer }) => {
    const creates = undo?.id !== undefined || statusesOf(answer.status).includes('201');
    if (!creates) return [];
    const sent = names.mentionedIn([request.url, request.body ?? null]);
    const known = sent.some((name) => fresh.includes(name) || created.has(name)) && (undo ?? created.size > 0);
    if (undo) for (const name of names.mentionedIn(answer.body)) if (!sent.includes(name)) created.add(name);
    return known ? [] : [id];
  });
}

/** Fresh names that do not say whose they are. */
export function unmarked({ sequence }: Story): string[] {
  return Object.entries(sequence.fresh ?? {}).flatMap(([name, pattern]) =>
    !pattern.includes('{unique}') || sequence.secret?.includes(name) || /(^|\W)conformance/i.test(pattern)
      ? []
      : [name],
  );
}

/** Steps that something other than a step refers to, and that do not exist. */
export function unknownSteps({ sequence }: Story): string[] {
  const { steps, refusals = [], probes = [], configured = {} } = sequence;
  const looked = [...steps, ...refusals].flatMap((one) =>
    expressionsIn(one as unknown as Printed).map((text) => /^\$([\w-]+)/.exec(text)?.[1] ?? ''),
  );
  const named = [
    ...refusals.flatMap((refusal) => [refusal.at, refusal.session ?? refusal.at]),
    ...probes.map((probe) => probe.at),
    ...steps.flatMap((step) => step.fill?.form ?? []),
    ...Object.keys(configured),
  ];
  return [...new Set([...looked, ...named])].filter((id) => id !== ITEM && !steps.some((step) => step.id === id));
}

/** Errata whose printed form is not what is printed, so that they would change nothing. */
export function idleErrata({ sequence }: Story): string[] {
  return sequence.steps.flatMap((step) =>
    (step.errata ?? []).flatMap(({ part, printed }) => {
      const header = /^header (.+)$/.exec(part)?.[1]?.toLowerCase();
      const shown =
        part === 'path'
          ? typeof printed === 'string' && step.request.url.includes(printed)
          : part === 'method'
            ? step.request.method === printed
            : part === 'body'
              ? JSON.stringify(step.request.body ?? 'absent') === JSON.stringify(printed)
              : (Object.entries(step.request.headers ?? {}).find(([name]) => name.toLowerCase() === header)?.[1] ??
                  'absent') === printed;
      return shown ? [] : [`${step.id} ${part}`];
    }),
  );
}

/** Ids of the refusals that follow from a contract at each step, as a story would send them. */
export function derivedIds(story: Story, contract: Contract): string[] {
  const names = new Names(story.sequence.names);
  const operations = new Set<string>();
  if (story.sequence.derives === false) return [];
  return story.sequence.steps.flatMap((step) => {
    if (step.derives === false || operations.has(step.operation)) return [];
    operations.add(step.operation);
    const draft = draftOf(step.request, step.errata);
    const built = build(
      draft,
      { names, scope: addresses(names), recorded: new Map() },
      step.session ? 'session=1' : undefined,
    );
    return deriveRefusals(step, contract.operation(step.operation), contract, built).map((refusal) => refusal.id);
  });
}
