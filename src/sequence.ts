import { readdirSync } from 'node:fs';
import path from 'node:path';
import { didYouMean, SuiteError } from './errors.ts';
import { isExpression, stepOf } from './expression.ts';
import type { Agreement } from './agreement.ts';
import { ITEM } from './among.ts';
import type { Basis } from './finding.ts';
import {
  mapPrinted,
  type Live,
  type Printed,
  type PrintedObject,
  type PrintedText,
  type Schema,
  type Template,
} from './printed.ts';
import type { NameTable } from './names.ts';
import type { Counting } from './share.ts';
import { pagesFile, type Page } from './pages.ts';
import { readFixture, ROOT, type YamlFile } from './yaml.ts';

/** `200`, or a class as `4XX`, with its basis. */
export interface StatusClaim {
  is: number | string;
  basis?: Basis;
}

/** A condition on an earlier value: `value` is an expression or a name literal, `matches` a JSON Schema. */
export interface Condition {
  value: PrintedText;
  matches: Schema;
}

/** Something said of an answer beyond its printed form. */
export interface Statement {
  says: string;
  basis?: Basis;
  page?: string;
  /** Holds only where this does; otherwise the statement says nothing. */
  when?: Condition;
  /** Where in the body a JSON Web Token is: what is said is said of what it holds. */
  token?: string;
  schema?: Schema;
  /** Values whose every leaf must stand in the body. */
  holds?: Holding[];
  /** The members of a list, as a set; `others` says why there may be more. */
  items?: { at: string; by: string; are: PrintedText[]; others?: PrintedText };
  /**
   * Holds for one of these: the items of a list that was read (or what is at these pointers of them) that fulfil a schema.
   * The rest of the statement looks at it as `$item.response.body`.
   */
  among?: { items: PrintedText; at?: string[]; matches?: Schema };
  /** The items of a list, beside those of a list (or the members of an object) that was read. */
  agrees?: Agreement & { with: PrintedText };
  /** A number that says which share of the properties that count has a value in these objects. */
  share?: Counting & { at: string; of: PrintedText; in: PrintedText[]; whole?: number; within: number };
  /** A number that says how many items a list has. */
  counts?: { at: string; of: string };
  /** Header values, joined by a comma, under a schema; an absent header is null. */
  headers?: Record<string, Schema>;
}
export interface Holding {
  value: Printed;
  /** Where in the body; its root by default. */
  at?: string;
  /** Pointers (into the value) that may differ. */
  except?: string[];
  /** An expression for an object whose members may differ. */
  exceptMembersOf?: PrintedText;
  /** Where there is no such value, nothing is said. */
  optional?: boolean;
}

export interface Expectation {
  status?: number | string | StatusClaim | StatusClaim[];
  /** A printed body: every leaf must come. */
  body?: Printed;
  schema?: Schema;
  /** Header values, joined by a comma, under a schema; an absent header is null. */
  headers?: Record<string, Schema>;
  /** Headers as printed, by lower-case name; names in them are read back. */
  prints?: Record<string, PrintedText>;
  /** Names that are read from one item of a list. */
  picks?: Picked[];
  basis?: Basis;
}
/** A value of the list item that is known by another value. */
export interface Picked {
  name: PrintedText;
  from: string;
  where: string;
  is: PrintedText;
  value: string;
}

/** Why a printed value need not come, and the schema that still binds what does. */
export interface Excuse {
  because: string;
  schema?: Schema;
  /** The value need not come at all. */
  optional?: true;
  basis?: Basis;
}

/** A departure of what is sent from what is printed. */
export interface Erratum {
  part: string;
  printed: Printed;
  sent?: Printed;
  because: string;
}

export interface PrintedRequest {
  method: string;
  url: PrintedText;
  headers?: Record<string, PrintedText>;
  /** JSON, or the members of a form where the Content-Type says so. */
  body?: Printed;
  /** Put into the body, by pointer: where it is one that an earlier step has read. */
  set?: Record<string, Printed>;
  /** Bytes as they are, in place of a body. */
  raw?: string;
}

export interface Step {
  id: string;
  says: string;
  page?: string;
  basis?: Basis;
  operation: string;
  /** The request of that step again, with its errata and session. */
  repeat?: string;
  request: PrintedRequest;
  errata?: Erratum[];
  /** The step whose cookies are sent. */
  session?: string;
  /** The step whose answer carries the form that this one submits. */
  submits?: string;
  when?: Condition;
  /** The step whose effect this one shows: skipped where that one is. */
  after?: string;
  /** What must be so for the story to be told at all on a target that is not ours. */
  testable?: { schema: Schema; otherwise: string };
  /** The request body's members follow a list that an earlier answer gave. */
  fill?: {
    to: string;
    form: string;
    list: string;
    name: string;
    required: string;
    schema: string;
    value: string;
    values: string;
  };
  /** Sent again as long as the answer matches `while`, with what is `latest`. */
  again?: { while: Schema; says: string };
  /** A list that comes in pages: the next link is followed and the items are joined. */
  paged?: { next: string; items: string };
  /** What the body of the answer shows once what was changed is in effect: sent again until then, as long as that may take. */
  eventually?: Schema;
  /** An expression for a link that an earlier answer gave, which the request follows. */
  follows?: PrintedText;
  answer: Expectation;
  /** By pointer into the printed body. */
  vary?: Record<string, Excuse>;
  also?: Statement[];
  /** Undoes what the step creates or changes, also after a failure or a kill. */
  undo?: Undo;
  /** Sent this many times; each answer is judged. */
  times?: number;
  /** What the step uses up on a target that is not ours: it waits for earlier changes, its refusals come after the story. */
  once?: boolean;
  /** Answers other than an error that refuse a request here too (asked again). */
  refusedBy?: Expectation[];
  /** false: the refusals that follow from the contract come at a later step of the operation. */
  derives?: boolean;
  /** Steps whose answers must be the same before and after the refusals of this step. */
  witnesses?: Witness[];
}
/**
 * The request that takes away what was created, or puts back what was changed. `{id}` in its URL is the value at the
 * pointer `id` of the answer; without it the address is known before anything is sent.
 */
export interface Undo {
  operation: string;
  url: PrintedText;
  headers: Record<string, PrintedText>;
  id?: string;
  /** The list to look for it in when no answer came; by default the URL up to the id. */
  find?: PrintedText;
  /** Where that list links to its next page. */
  next?: string;
  /** What is put back: what an earlier step has read, whole (`$read.response.body`), or what is printed. */
  body?: Printed;
  /** Pointers to what may differ when it is read again. */
  except?: string[];
  /** The method in its place, without a body, where that step was answered 404: there was nothing. */
  absent?: 'DELETE';
  /** Where nobody was given who may put it back, it is changed all the same, and stays. */
  optional?: true;
}
/** A read that shows whether a refused request left a trace; `containing`: only list items that hold this text. */
export interface Witness {
  step: string;
  at?: string;
  containing?: PrintedText;
  basis?: Basis;
}

/** A way in which a credential is almost right. */
export type Mistake = 'other-case' | 'cut-short' | 'longer' | 'padded';

/** A change to one step's request that the server must refuse. */
export interface Refusal {
  id: string;
  says: string;
  at: string;
  page?: string;
  basis?: Basis;
  when?: Condition;
  /** Only in a world of our own. */
  ours?: boolean;
  /**
   * Could use something up if it were accepted. On a target that is not ours, these steps are sent again just before it, so that
   * it is nothing of the sequence's own; with `true` it comes after the story.
   */
  spends?: true | string[];
  /** Why a derived refusal is not sent. */
  skip?: string;
  method?: string;
  url?: PrintedText | Live<string>;
  headers?: Record<string, PrintedText | Live<string> | null>;
  session?: string | null;
  /** By pointer into the sent body; null as a string `absent` removes. */
  set?: Record<string, Printed>;
  remove?: string[];
  /** By pointer into the sent body: in which way the credential there is wrong. */
  wrong?: Record<string, Mistake>;
  body?: Template;
  raw?: string;
  answer?: Expectation;
  /** Takes away what the server creates if it does not refuse. */
  undo?: Undo;
  /** Another answer that is right too. */
  or?: Expectation[];
}

/** Where the forms of a process stand in its answers, and what is sent for those that no step submits. */
export interface Forms {
  /** Where an answer says how the process has ended; every other one carries a form. */
  end: string;
  /** Where a form names what must be sent, and where it describes what may be. */
  asks: string;
  takes: string;
  /** Where an answer says who asks. */
  stage: string[];
  /** Where in a request goes what was asked for. */
  input: string;
  /** Values by the name of what is asked for. */
  values: PrintedObject;
  /** Key in the target's values of what the operator gives, and the variable that gives it. */
  given: string;
  variable: string;
  /** Members whose items follow choices that the form lists. */
  lists?: Record<string, { of: string; id: string; as: string; least: string; items: string; definitions: string }>;
  /** Members of members that the form lists. */
  members?: { to: string; of: string; required?: string; besides?: string[]; absent?: 'none' }[];
  /** The stages as they are configured, where an earlier step could read them. */
  order?: { list?: PrintedText | undefined; name: string; merged?: string; asking: string[]; page: string };
}

/** A set-up, and what is excused at steps of the sequence where it was run, in place of what is configured elsewhere. */
export interface Given {
  by: string;
  configured?: Record<string, Record<string, Excuse | string>>;
}

export interface Sequence {
  title: string;
  /** How the forms of its processes are followed on a server that is not ours. */
  forms?: Forms;
  /** The sequence whose steps come first, with its names: what this one starts from. */
  begins?: string;
  /** Sequences that set up what this one needs, where an administrator may do that; elsewhere it is there already. */
  given?: Given[];
  pages: (string | { page: string; lost: string[] })[];
  requires: string[];
  /**
   * The steps whose requests tell whether a target offers what they are about: without the first nothing of the sequence
   * is run, without a further one that step and what rests on it are not.
   */
  offered?: string | string[];
  names: NameTable;
  /** Values made up anew for each run: `{unique}` is a random word. */
  fresh?: Record<string, string>;
  /** Names whose values are secret. */
  secret?: string[];
  /** Pinned in a world of ours; elsewhere bound by the schema, or by the printed value's type. By `step pointer`. */
  configured?: Record<string, Record<string, Excuse | string>>;
  /** What each answer gives anew and the next request carries: after a refusal that asks again, its token. */
  latest?: { from: string; to: string };
  writes: boolean;
  /** Changes how the server is configured: needs a permission of its own. */
  configures?: boolean;
  /** false: no refusals are derived for this sequence's steps; another one's do. */
  derives?: boolean;
  steps: Step[];
  refusals?: Refusal[];
  /** What is said of derived refusals, by their id. */
  derived?: Record<string, Partial<Pick<Refusal, 'basis' | 'skip' | 'answer' | 'or' | 'page'>> & { because: string }>;
  /** Printed forms that are asked for after the story; only reported. */
  probes?: { id: string; says: string; at: string; url: PrintedText; because: string }[];
  unchecked?: { says: string; because: string; page?: string }[];
}

/** A sequence with the file it was read from. */
export interface Story {
  /** Path under fixtures/sequences without `.yaml`: `<product>/<subject>`. */
  id: string;
  product: string;
  /** The set-ups that it begins with. */
  setUps: string[];
  /** How many of its first steps set it up: they say nothing of the server. */
  setUp: number;
  yaml: YamlFile<Sequence>;
  /** With the steps and names of the sequence that it begins with. */
  sequence: Sequence;
  /** Where a pointer into the sequence stands: in its own file, or in that of the one it begins with. */
  place: (pointer: string) => Place;
  /** The versions told, with the pages of each and the parts that a lossy copy does not show. */
  versions: Record<string, { page: string; lost: string[] }>;
}

export interface Place {
  /** Absolute path. */
  file: string;
  /** Path from the project's folder. */
  name: string;
  line: number;
}

const FOLDER = 'fixtures/sequences';
/** What is told before a sequence to set a server up. */
const SET_UPS = 'fixtures/set-ups';

/** Every sequence file, or those of one product; each is read once. @throws SuiteError with file and line of a mistake */
export function stories(product = ''): Story[] {
  return sequenceIds()
    .filter((id) => id.startsWith(product === '' ? '' : `${product}/`))
    .map((id) => {
      const story = known.get(id) ?? readStory(`${FOLDER}/${id}.yaml`);
      known.set(id, story);
      return story;
    });
}

const known = new Map<string, Story>();

function sequenceIds(folder = FOLDER): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true })
    .map((file) => String(file).split(path.sep).join('/'))
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => file.replace(/\.yaml$/, ''));
}

/** The story of a sequence by its id, with the set-ups that are named of those it has. @throws SuiteError if it is not there */
export function storyOf(id: string, setUps: string[] = []): Story {
  return readStory(`${FOLDER}/${id}.yaml`, [], setUps);
}

/** A set-up by its id. @throws SuiteError if it is not there */
export function setUpOf(id: string): Story {
  const story = known.get(`${SET_UPS}/${id}`) ?? readStory(`${SET_UPS}/${id}.yaml`);
  known.set(`${SET_UPS}/${id}`, story);
  return story;
}

/** One sequence file, checked as far as it can be without its contract. */
export function readStory(file: string, within: string[] = [], setUps: string[] = []): Story {
  const yaml = readFixture<Sequence>(file, 'fixtures/sequence.schema.json');
  const own = structuredClone(yaml.value);
  const id = file.replace(/^fixtures\/[^/]+\//, '').replace(/\.yaml$/, '');
  const given = (own.given ?? [])
    .filter(({ by }) => setUps.includes(by))
    .map((one) => ({ ...one, story: beginning(one.by, yaml, [], SET_UPS) }));
  const first = own.begins === undefined ? undefined : beginning(own.begins, yaml, [...within, id]);
  const sequence = given.reduceRight(
    (after, { story, configured }) => setUpBy(story.sequence, after, configured),
    first ? begunBy(first.sequence, own) : own,
  );
  const place = placing(yaml, [...given.map(({ story }) => story), ...(first ? [first] : [])]);
  if (sequence.forms) sequence.forms = formsOf(sequence.forms as unknown as FormsOf, yaml);
  const pages = pagesFile();
  const versions: Story['versions'] = {};
  sequence.pages.forEach((entry, index) => {
    const { page, lost } = typeof entry === 'string' ? { page: entry, lost: [] } : entry;
    const found: Page | undefined = pages[page];
    if (!found)
      throw mistake(
        `there is no page '${page}' in fixtures/pages.yaml${didYouMean(page, Object.keys(pages))}`,
        place(`/pages/${index}`),
      );
    versions[found.version] ??= { page, lost };
  });
  sequence.steps.forEach((step, index) => repeatEarlier(step, sequence.steps.slice(0, index), place, index));
  const product = id.split('/')[0] ?? '';
  const setUp = given.reduce((count, { story }) => count + story.sequence.steps.length, 0);
  const story: Story = { id, product, setUps: given.map(({ by }) => by), setUp, yaml, sequence, place, versions };
  checkReferences(story);
  return story;
}

function mistake(message: string, { file, line }: Place): SuiteError {
  return new SuiteError(message, file, line);
}

/** The story that another one begins with. */
function beginning(id: string, yaml: YamlFile<Sequence>, within: string[], folder = FOLDER): Story {
  const known = sequenceIds(folder);
  const wrong = within.includes(id)
    ? `the sequence begins with itself: ${[...within, id].join(' begins with ')}`
    : known.includes(id)
      ? undefined
      : `there is no sequence '${id}' to begin with${didYouMean(id, known)}`;
  if (wrong !== undefined) throw new SuiteError(wrong, yaml.file, yaml.line(folder === FOLDER ? '/begins' : '/given'));
  return readStory(`${folder}/${id}.yaml`, within);
}

/** A sequence with what it begins with: the steps come first, without what is refused at them; that is told elsewhere. */
function begunBy(first: Sequence, own: Sequence): Sequence {
  const steps = first.steps.map((step): Step => ({ ...step, derives: false }));
  return {
    ...own,
    requires: [...new Set([...first.requires, ...own.requires])],
    names: { ...first.names, ...own.names },
    fresh: { ...first.fresh, ...own.fresh },
    secret: [...new Set([...(first.secret ?? []), ...(own.secret ?? [])])],
    ...(first.configured || own.configured ? { configured: { ...first.configured, ...own.configured } } : {}),
    writes: first.writes || own.writes,
    ...(first.configures || own.configures ? { configures: true } : {}),
    steps: [...steps, ...own.steps],
  };
}

/** A sequence with what sets it up. That asks for no feature; and what it has configured is pinned, as in a world of ours. */
function setUpBy(first: Sequence, own: Sequence, instead: Given['configured']): Sequence {
  const configured = { ...own.configured, ...instead };
  const [whole = '', ...parts] = [own.offered ?? []].flat();
  const offered = first.offered === undefined ? own.offered : [whole, ...parts, ...[first.offered].flat()];
  const both = begunBy(first, { ...own, configured });
  return { ...both, requires: own.requires, ...(offered === undefined ? {} : { offered }) };
}

function placing(yaml: YamlFile<Sequence>, before: Story[]): Story['place'] {
  return (pointer) => {
    const [, index, rest = ''] = /^\/steps\/(\d+)(.*)$/s.exec(pointer) ?? [];
    if (index === undefined) return { file: yaml.file, name: yaml.name, line: yaml.line(pointer) };
    let left = Number(index);
    for (const story of before) {
      if (left < story.sequence.steps.length) return story.place(`/steps/${left}${rest}`);
      left -= story.sequence.steps.length;
    }
    return { file: yaml.file, name: yaml.name, line: yaml.line(`/steps/${left}${rest}`) };
  };
}

/** What a sequence says of its forms: the rest stands in a file of its own, which sequences share. */
interface FormsOf {
  by: string;
  values?: PrintedObject;
  configuration?: PrintedText;
}

const FORMS = 'fixtures/forms';

function formsOf({ by, values = {}, configuration }: FormsOf, yaml: YamlFile<Sequence>): Forms {
  const known = sequenceIds(FORMS);
  if (!known.includes(by))
    throw new SuiteError(`there is no '${by}' in ${FORMS}${didYouMean(by, known)}`, yaml.file, yaml.line('/forms/by'));
  const forms = readFixture<Forms>(`${FORMS}/${by}.yaml`, 'fixtures/forms.schema.json').value;
  const { order, ...rest } = forms;
  return {
    ...rest,
    values,
    ...(order && configuration !== undefined ? { order: { ...order, list: configuration } } : {}),
  };
}

/** Takes over the request of the step that is repeated. */
function repeatEarlier(step: Step, earlier: Step[], place: Story['place'], index: number): void {
  if (step.repeat === undefined) return;
  const original = earlier.find((one) => one.id === step.repeat);
  if (!original)
    throw mistake(
      `step '${step.id}' repeats '${step.repeat}', which is not an earlier step${didYouMean(
        step.repeat,
        earlier.map((one) => one.id),
      )}`,
      place(`/steps/${index}/repeat`),
    );
  step.operation ??= original.operation;
  step.request ??= original.request;
  if (original.errata) step.errata ??= original.errata;
  if (original.session) step.session ??= original.session;
  if (original.paged) step.paged ??= original.paged;
}

function checkReferences({ place, sequence }: Story): void {
  const ids = sequence.steps.map((step) => step.id);
  const known = (id: string, pointer: string): void => {
    if (!ids.includes(id)) throw mistake(`there is no step '${id}'${didYouMean(id, ids)}`, place(pointer));
  };
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw mistake(`two steps are called '${twice}'`, place(`/steps/${ids.lastIndexOf(twice)}`));
  const expressions = (value: unknown, here: string): void => {
    const see = (text: PrintedText, pointer: string): string => {
      const looked = isExpression(text) ? stepOf(text) : undefined;
      if (looked !== undefined) {
        if (looked !== ITEM) known(looked, pointer);
      } else if (/^\$[a-z]\w*\./i.test(text))
        throw mistake(
          `'${text}' is not an expression; write $step.response.body#/pointer or $step.request.body#/pointer`,
          place(pointer),
        );
      return text;
    };
    mapPrinted(value as Printed, see, here);
  };
  sequence.steps.forEach((step, index) => {
    const here = `/steps/${index}`;
    if (step.session !== undefined) known(step.session, `${here}/session`);
    if (step.after !== undefined) known(step.after, `${here}/after`);
    if (step.submits !== undefined) known(step.submits, `${here}/submits`);
    if (step.fill) known(step.fill.form, `${here}/fill/form`);
    step.witnesses?.forEach((witness) => known(witness.step, `${here}/witnesses`));
    expressions(step, here);
  });
  sequence.refusals?.forEach((refusal, index) => {
    const here = `/refusals/${index}`;
    known(refusal.at, `${here}/at`);
    if (typeof refusal.session === 'string') known(refusal.session, `${here}/session`);
    if (Array.isArray(refusal.spends)) refusal.spends.forEach((id) => known(id, `${here}/spends`));
    expressions(refusal, here);
  });
  for (const id of [sequence.offered ?? []].flat()) if (id !== '') known(id, '/offered');
  sequence.probes?.forEach((probe, index) => known(probe.at, `/probes/${index}/at`));
  for (const id of Object.keys(sequence.configured ?? {})) known(id, `/configured/${id}`);
  for (const { configured } of sequence.given ?? [])
    for (const id of Object.keys(configured ?? {})) known(id, '/given');
}
