import type { Contract } from '../contract.ts';
import { isExpression } from '../expression.ts';
import { leaves } from '../json.ts';
import { statusClaims } from '../form.ts';
import { exactly, type Names } from '../names.ts';
import { mapPrinted, printed, printedText, type Printed, type PrintedText } from '../printed.ts';
import { build, draftOf } from '../request.ts';
import type { Step, Story } from '../sequence.ts';
import type { Criterion, Loss, WorkflowStep } from './document.ts';
import { Unsayable, type Words } from './words.ts';

/** What a step needs of the story that it stands in. */
export interface Context {
  story: Story;
  contract: Contract;
  names: Names;
  words: Words;
  /** The steps that have been said, by id. */
  said: Map<string, WorkflowStep>;
  lose: (loss: Loss) => void;
}

/** A pointer that every reader of a runtime expression reads alike. */
const PLAIN = /^(\/[\w.-]+)+$/;

/** One step as Arazzo says it. @throws Unsayable where it cannot be sent */
export function workflowStep(step: Step, context: Context): WorkflowStep {
  const { contract, names, words, story } = context;
  if (step.request.raw !== undefined) throw new Unsayable('it sends bytes as they are');
  if (statusClaims(step.answer.status, 'documented').some(({ is }) => String(is).startsWith('3')))
    throw new Unsayable('whether a redirection is followed is not said by Arazzo');
  const draft = words.encoded(draftOf(step.request, step.errata));
  if (draft.body !== undefined) draft.body = printed(mapPrinted(draft.body, (text) => looked(text, context)));
  const session =
    step.session === undefined
      ? undefined
      : looked(printedText(`$${step.session}.response.header.set-cookie`), context);
  const { sent, body } = build(draft, { names, scope: words.scopeFor(draft), recorded: new Map() }, session);
  const operation = contract.operation(step.operation);
  const [, contentType = 'application/json'] = sent.headers.find(([name]) => /^content-type$/i.test(name)) ?? [];
  const parameters = (where: 'path' | 'query' | 'header', of: Iterable<[string, string]>): WorkflowStep['parameters'] =>
    [...of].map(([name, value]) => ({ name, in: where, value: words.text(value) }));
  const placed = contract.parameters(operation, sent.path);
  if (Object.keys(placed).length === 0 && operation.path.includes('{'))
    throw new Unsayable(`its path does not fit ${operation.path}`);
  // What the key of the path says already is not sent twice.
  const keyed = new URLSearchParams(operation.path.split('?')[1]);
  const query = [...new URLSearchParams(sent.path.split('?')[1])].filter(([name]) => !keyed.has(name));
  const made: WorkflowStep = {
    stepId: stepId(story, step.id),
    description: step.says,
    operationId: operation.id,
    parameters: [
      ...parameters('path', Object.entries(placed)),
      ...parameters('query', query),
      ...parameters(
        'header',
        sent.headers.filter(([name]) => !/^content-type$/i.test(name)),
      ),
    ],
    ...(body === undefined ? {} : { requestBody: { contentType, payload: words.json(body) } }),
    successCriteria: statusClaims(step.answer.status, 'documented').map(({ is }) => statusCriterion(is)),
  };
  made.successCriteria.push(...bodyCriteria(step, made, context));
  return made;
}

/** The id of a step, which no other workflow has: readers of Arazzo mix up steps that are called the same. */
function stepId(story: Story, id: string): string {
  return `${workflowId(story)}_${id}`;
}

/** The id of a story's workflow. */
export function workflowId(story: Story): string {
  return story.id.replace(`${story.product}/`, '');
}

/** A value of an earlier step's exchange: an output of that step. A text that looks at nothing stays as it is. */
function looked(text: PrintedText, { words, said }: Context): string {
  if (!isExpression(text)) return text;
  const [, id = '', what = ''] = /^\$([\w-]+)\.(.*)$/s.exec(text) ?? [];
  const step = said.get(id);
  if (!step) throw new Unsayable(`it needs what '${id}' has answered, which could not be exported`);
  return words.marker(outputOf(step, `$${what}`));
}

/** An output of a step, made where there is none yet. @returns how later steps say it */
function outputOf(step: WorkflowStep, expression: string): string {
  const key = expression.replace(/^\$(response|request)\.(body#|header\.)?[/_]*/, '').replaceAll(/\W+/g, '_');
  step.outputs = { ...step.outputs, [key]: expression };
  return `$steps.${step.stepId}.outputs.${key}`;
}

function statusCriterion(is: number | string): Criterion {
  const first = Number(String(is)[0]) * 100;
  return {
    condition: String(is).endsWith('XX')
      ? `$statusCode >= ${first} && $statusCode < ${first + 100}`
      : `$statusCode == ${is}`,
  };
}

/** What is printed and neither excused nor configured, as criteria; names that are new become outputs. */
function bodyCriteria(step: Step, made: WorkflowStep, context: Context): Criterion[] {
  const { names, words, story } = context;
  const free = Object.keys({ ...step.vary, ...story.sequence.configured?.[step.id] });
  const here = new Map<string, string>();
  const criteria = leaves(step.answer.body ?? {}).flatMap(({ pointer, value }): Criterion[] => {
    if (pointer === '' || step.vary?.[pointer]?.optional) return [];
    const at = `$response.body#${pointer}`;
    const lost = (because: string): [] => {
      context.lose({ what: pointer, step: step.id, because });
      return [];
    };
    const whole = typeof value === 'string' ? names.whole(value) : undefined;
    const excused = free.some((one) => pointer === one || pointer.startsWith(`${one}/`));
    if (whole === undefined && excused) return [];
    if (!PLAIN.test(pointer)) return lost('its name cannot stand in a condition');
    if (value !== null && typeof value === 'object')
      return lost('a condition cannot say that a list or an object is empty');
    if (typeof value === 'number' && !Number.isInteger(value))
      return lost('a condition compares fractions to the last digit');
    if (typeof value !== 'string') return [{ condition: `${at} == ${value}` }];
    if (whole === undefined || words.printed.has(whole.is))
      return whole === undefined && names.mentions(value)
        ? lost('a name within a text cannot be compared')
        : [{ context: at, condition: `^${exactly(value)}$`, type: 'regex' }];
    const known = here.get(whole.is) ?? words.known(whole.is);
    if (known !== undefined) return [{ condition: `${at} == ${known}` }];
    here.set(whole.is, at);
    words.learn(whole.is, outputOf(made, at));
    return [];
  });
  for (const name of names.mentionedIn(step.answer.body)) words.lose(name);
  for (const pick of step.answer.picks ?? []) for (const name of names.mentioned(pick.name)) words.lose(name);
  for (const [header, shown] of Object.entries(step.answer.prints ?? {}))
    for (const name of names.mentioned(shown, header)) words.lose(name);
  return criteria;
}

/** The names that a step would have answered; the steps that need them cannot be said either. */
export function forgets(step: Step, { names, words }: Context): void {
  const { body, prints = {}, picks = [] } = step.answer;
  const shown: Printed = { body: body ?? null, picks: picks.map(({ name }) => name) };
  const headers = Object.entries(prints).flatMap(([header, value]) => names.mentioned(value, header));
  for (const name of [...names.mentionedIn(shown), ...headers]) words.lose(name);
}
