import type { Finding } from './finding.ts';

/** The headers of an answer, in order, in the case in which they came. */
type Headers = [string, string][];

// RFC 9110, 5.6.2, 5.6.4 and 5.6.6.
const TOKEN = "[!#$%&'*+\\-.^_`|~\\w]+";
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\uffff]|\\\\[\\t \\x21-\\x7e\\x80-\\uffff])*"';
const TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?=[\\t ]*(;|$))`);
const PARAMETER = new RegExp(`^[\\t ]*;[\\t ]*(?:(${TOKEN})=(${TOKEN}|${QUOTED}))?(?=[\\t ]*(;|$))`);

/** Fields that are no lists, so that an answer has each of them once (RFC 9110, 5.3). */
const SINGLE = [
  'age',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
];

/** A media type as it was written. */
interface MediaType {
  /** In lower case, without parameters; what stands before the first semicolon where that is no media type. */
  type: string;
  /** Names in lower case, values without their quotes. */
  parameters: [string, string][];
  /** What is not as RFC 9110, 8.3.1 has it. */
  problem?: string;
}

/** Reads the value of a Content-Type. */
export function readMediaType(value: string): MediaType {
  const text = value.trim();
  const [type] = TYPE.exec(text) ?? [];
  const parameters: [string, string][] = [];
  if (type === undefined)
    return { type: (text.split(';')[0] ?? '').trim().toLowerCase(), parameters, problem: 'no media type' };
  const read = { type: type.toLowerCase(), parameters };
  for (let rest = text.slice(type.length); rest !== '';) {
    const [whole, name, one = ''] = PARAMETER.exec(rest) ?? [];
    if (whole === undefined) return { ...read, problem: 'a parameter that is no name=value' };
    if (name !== undefined) parameters.push([name.toLowerCase(), unquoted(one)]);
    rest = rest.slice(whole.length);
  }
  const names = parameters.map(([name]) => name);
  // RFC 6838, 4.3: it is an error for a parameter to be specified more than once.
  return new Set(names).size < names.length ? { ...read, problem: 'a parameter more than once' } : read;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
}

/** Header values of one name, however it is written. */
export function headerValues(headers: Headers, name: string): string[] {
  return headers.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/**
 * The media type of an answer without parameters, in lower case; undefined when there is no Content-Type. Of several the
 * last that is one counts (RFC 9110, 8.3).
 */
export function mediaType(headers: Headers): string | undefined {
  const read = headerValues(headers, 'content-type').map(readMediaType);
  return (read.findLast(({ problem }) => problem === undefined) ?? read.at(-1))?.type;
}

/** What is wrong with the fields of an answer, whatever the answer is. */
export function judgeFields({ headers, body }: { headers: Headers; body: Buffer }): Finding[] {
  const finding = (name: string, expected: string, came: string, basis: Finding['basis']): Finding => ({
    kind: 'header',
    where: `header ${name}`,
    expected,
    came,
    basis,
  });
  const repeated = SINGLE.flatMap((name) => {
    const { length } = headerValues(headers, name);
    return length > 1 ? [finding(name, 'the field once', `${length} times`, 'standard')] : [];
  });
  const types = headerValues(headers, 'content-type').map(readMediaType);
  const malformed = types.flatMap(({ problem }) =>
    problem === undefined ? [] : [finding('content-type', 'type/subtype; name=value', problem, 'standard')],
  );
  // RFC 8259, 11 defines no such parameter: that it must not say something else than the bytes do is our reading.
  const misleading = types.flatMap(({ type, parameters }) =>
    parameters.some(([name, value]) => isJson(type) && name === 'charset' && !saysTheSame(value, body))
      ? [finding('content-type', 'no charset but UTF-8, which JSON is in', 'another charset', 'assumed')]
      : [],
  );
  return [...repeated, ...malformed, ...misleading];
}

function isJson(type: string): boolean {
  return /[/+]json$/.test(type);
}

/** Whether a body says under a charset what it says in UTF-8. */
function saysTheSame(charset: string, body: Buffer): boolean {
  try {
    return new TextDecoder(charset).decode(body) === new TextDecoder().decode(body);
  } catch {
    return false;
  }
}
