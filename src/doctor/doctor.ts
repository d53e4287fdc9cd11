import { lookup } from 'node:dns/promises';
import { ask } from '../ask.ts';
import { bearerWanted } from '../challenge.ts';
import { contractOf } from '../contract.ts';
import { SuiteError } from '../errors.ts';
import { at, brief } from '../json.ts';
import { Redactor } from '../redact.ts';
import { draftOf } from '../request.ts';
import { storyOf } from '../sequence.ts';
import { shown, type Shown } from '../shown.ts';
import type { Target } from '../target.ts';
import { Telling } from '../telling.ts';
import { headerValues, parseJson, Transport, TransportError, type Came } from '../transport.ts';

/** What one look at a server came to: an outcome, and what to do where it is not good. */
export interface Diagnosis<Text extends string = Shown> {
  says: Text;
  outcome: 'good' | 'bad' | 'unreachable' | 'not looked at';
  /** Why, and what to do. */
  advice?: Text;
}

/** As it is found: words of ours with what the server and the settings say in them. */
type Finding = Diagnosis<string>;

/**
 * Looks at a server step by step, from its name to what it offers, and writes nothing; what rests on something that is
 * not good is not looked at.
 */
export async function examine(target: Target): Promise<Diagnosis[]> {
  const transport = new Transport(target);
  const redactor = new Redactor(target.hidden);
  const found: Finding[] = [];
  try {
    for (const [name, address] of Object.entries(target.addresses))
      found.push(...(await reach(`${target.name} (${name})`, address, transport)));
    for (const check of target.checks) {
      const broken = found.some(({ outcome }) => outcome === 'unreachable');
      found.push(
        broken ? { says: check.says, outcome: 'not looked at' } : await look(check, target, transport, redactor),
      );
    }
  } finally {
    await transport.close();
  }
  return found.map(({ says, outcome, advice }) => ({
    says: shown(says, 'sentence', redactor),
    outcome,
    ...(advice === undefined ? {} : { advice: shown(advice, 'sentence', redactor) }),
  }));
}

/** The name of the host, the connection with its TLS, and HTTP. */
async function reach(name: string, address: string, transport: Transport): Promise<Finding[]> {
  const { hostname, origin } = new URL(address);
  const says = `${name} is reached at ${address}`;
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    return [
      { says, outcome: 'unreachable', advice: `the host name ${hostname} is not known (${code}): is it spelt right?` },
    ];
  }
  try {
    await transport.send({ method: 'GET', origin, path: '/', headers: [['Accept', 'application/json']] });
    return [{ says, outcome: 'good' }];
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    // Something that speaks HTTP and sends too much is there all the same.
    if (error.reason === 'too large') return [{ says, outcome: 'good' }];
    return [{ says, outcome: 'unreachable', advice: error.message }];
  }
}

type Check = Target['checks'][number];

async function look(check: Check, target: Target, transport: Transport, redactor: Redactor): Promise<Finding> {
  const { says } = check;
  const story = storyOf(check.story);
  const served = target.serves.find(({ product, version }) => product === story.product && version in story.versions);
  const step = story.sequence.steps.find(({ id }) => id === check.step);
  if (!step || !served)
    throw new SuiteError(`the target '${target.id}' checks ${check.story}#${check.step}, and there is no such step`);
  const { version } = served;
  const contract = contractOf(story.product, version);
  const telling = new Telling({ story, version, target, contract, transport, redactor });
  const { missing } = telling.build(draftOf(step.request, step.errata), undefined);
  const ungiven = missing.flatMap((name) => target.absent[name] ?? []);
  if (ungiven.length > 0)
    return { says, outcome: 'not looked at', advice: `${[...new Set(ungiven)].join(', ')} is not set` };
  try {
    const came = await ask(telling, step);
    const headers = Object.keys(step.request.headers ?? {});
    const given = Object.entries(step.request.headers ?? {}).flatMap(([name, value]) =>
      telling.names.mentioned(value, name).flatMap((one) => target.sources[one] ?? []),
    );
    const problem = came === undefined ? 'what it needs was not answered' : wrong(came, check, given, headers);
    return problem === undefined ? { says, outcome: 'good' } : { says, outcome: 'bad', advice: problem };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { says, outcome: 'unreachable', advice: error.message };
  }
}

/** What is wrong with an answer, in words that say what to do. */
function wrong(came: Came, check: Check, variables: string[], headers: string[]): string | undefined {
  const advice = check.advice?.[String(came.status)];
  const named = [...new Set(variables)].join(', ');
  const bearer = bearerWanted(came, headers);
  if (bearer !== undefined) return bearer;
  if (came.status === 401) return advice ?? `the credentials are refused (401): check ${named === '' ? 'them' : named}`;
  const parsed = parseJson(came.body);
  if (came.status >= 300 && came.status < 400)
    return `it redirects (${came.status} to ${brief(headerValues(came.headers, 'location')[0] ?? 'nowhere')}): is this the address of a page for people?`;
  if ('problem' in parsed && came.body.length > 0)
    return `it answers ${came.status} with ${parsed.problem}: is this the address of the API?`;
  if (came.status >= 300) return `it answers ${came.status}${advice === undefined ? '' : `: ${advice}`}`;
  if (check.at === undefined || !('json' in parsed)) return undefined;
  const value = at(parsed.json, check.at);
  if (typeof value !== 'string') return `the answer has nothing at ${check.at}`;
  const same = value === check.is || value.startsWith(`${check.is ?? ''}.`) || value.startsWith(`${check.is ?? ''}-`);
  return same
    ? undefined
    : `it says ${/^[\d.]+(-\w+)?$/.test(value) ? value : brief(value)}, and it is held to ${check.is ?? ''}: ${check.advice?.['other'] ?? ''}`;
}
