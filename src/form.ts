import { at, brief, isObject, without, type Json } from './json.ts';
import type { Contract } from './contract.ts';
import type { Basis, Finding } from './finding.ts';
import type { Question } from './judge.ts';
import type { Expectation, StatusClaim } from './sequence.ts';
import { mediaType, type Came } from './transport.ts';

/** The claims on a status, each with its basis. */
export function statusClaims(status: Expectation['status'], basis: Basis): StatusClaim[] {
  return status === undefined
    ? []
    : [status].flat().map((one) => (typeof one === 'object' ? { basis, ...one } : { is: one, basis }));
}

export function sameClass(claim: number | string, status: number): boolean {
  return String(claim)[0] === String(status)[0];
}

/** Whether a status fulfils `200` or `2XX`. */
export function fulfils(claim: number | string, status: number): boolean {
  return typeof claim === 'number'
    ? claim === status
    : claim.length === 3 && claim.endsWith('XX')
      ? sameClass(claim, status)
      : Number(claim) === status;
}

/** Whether an expectation claims a status, and that one. */
export function expects({ status }: Expectation, came: number): boolean {
  const claims = statusClaims(status, 'documented');
  return claims.length > 0 && claims.every((claim) => fulfils(claim.is, came));
}

export function judgeStatus(claims: StatusClaim[], status: number, json: Json | undefined): Finding[] {
  const message =
    isObject(json) && status >= 400 ? (json['message'] ?? json['error_description'] ?? json['error']) : undefined;
  return claims
    .filter((claim) => !fulfils(claim.is, status))
    .map((claim) => ({
      kind: 'status',
      where: 'status',
      expected: String(claim.is),
      came: typeof message === 'string' ? `${status} (${brief(message)})` : String(status),
      basis: claim.basis ?? 'documented',
    }));
}

/** Media type and schema, as the contract has them for the status that came. */
export function judgeForm(
  { contract, operation }: Question,
  came: Came,
  json: Json | undefined,
  problem: string | undefined,
): Finding[] {
  const answer = contract.answer(operation, came.status);
  if (!answer)
    return [
      {
        kind: 'undocumented',
        where: 'status',
        expected: `one of ${contract
          .answers(operation)
          .map((one) => one.status)
          .join(', ')}`,
        came: String(came.status),
        basis: 'documented',
      },
    ];
  if (answer.media.length === 0)
    return came.body.length === 0
      ? []
      : [
          {
            kind: 'undocumented',
            where: 'body',
            expected: 'no body',
            came: `${came.body.length} bytes`,
            basis: 'documented',
          },
        ];
  const named = answer.media.some((one) => one.toLowerCase() === mediaType(came.headers));
  // A media range without a schema (OpenAPI, Media Type Object): any body does, and none.
  if (!named && answer.media.includes('*/*')) return [];
  if (came.body.length === 0)
    return [
      { kind: 'body', where: 'body', expected: answer.media.join(' or '), came: 'an empty body', basis: 'standard' },
    ];
  const media = mediaType(came.headers);
  const schema = media === undefined ? undefined : contract.answerSchema(operation, came.status, media);
  const findings: Finding[] = [];
  if (!named)
    findings.push({
      kind: 'media type',
      where: 'media type',
      expected: answer.media.join(' or '),
      came: media ?? 'absent',
      basis: 'standard',
    });
  if (json === undefined)
    return [
      ...findings,
      { kind: 'body', where: 'body', expected: 'JSON', came: problem ?? 'nothing', basis: 'standard' },
    ];
  const judged = schema ?? contract.answerSchema(operation, came.status, answer.media[0]?.toLowerCase() ?? '');
  if (!judged) return findings;
  const errors = contract.validate(judged, json);
  const nulls = idleNulls(contract, judged, json, errors);
  const said = without(json, nulls);
  for (const error of nulls.length === 0 ? errors : contract.validate(judged, said))
    findings.push({
      kind: 'contract',
      where: error.pointer,
      expected: error.expected,
      came: brief(at(json, error.pointer)),
      basis: error.basis,
    });
  for (const pointer of nulls)
    findings.push({
      kind: 'undocumented',
      where: pointer,
      expected: 'a value, or absent',
      came: 'null',
      basis: 'documented',
    });
  for (const pointer of contract.unnamed(judged, said))
    findings.push({
      kind: 'undocumented',
      where: pointer,
      expected: 'absent',
      came: brief(at(json, pointer)),
      basis: 'documented',
    });
  return findings;
}

/** Of so many errors it is tried whether they go with a null: each try is a judgement of the whole answer. */
const NULLS = 300;

/** Nulls that the contract has no word for, in place of members that may be absent: many servers write those so. */
function idleNulls(
  contract: Contract,
  schema: { file: string; pointer: string },
  json: Json,
  errors: ReturnType<Contract['validate']>,
): string[] {
  const known = new Set(errors.map((error) => `${error.pointer} ${error.expected}`));
  return [...new Set(errors.map((error) => error.pointer))].slice(0, NULLS).filter((pointer) => {
    if (at(json, pointer) !== null || !isObject(at(json, pointer.replace(/\/[^/]*$/, '')))) return false;
    const left = contract.validate(schema, without(json, [pointer]));
    return left.length < errors.length && left.every((error) => known.has(`${error.pointer} ${error.expected}`));
  });
}
