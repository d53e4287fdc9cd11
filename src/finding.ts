/** How strong a statement is: printed or said by a page, an RFC or the vendor's conventions, seen in a recording, our reading. */
export type Basis = 'documented' | 'standard' | 'recorded' | 'assumed';
/** What a finding does to the run. */
export type Grade = 'violation' | 'undocumented' | 'notice' | 'tolerated' | 'not testable';
/** What found it: the kill matrix counts by these, and docs/findings.md explains each. */
export const KINDS = [
  'status',
  'header',
  'media type',
  'body',
  'contract',
  'printed value',
  'unification',
  'state',
  'undocumented',
  'refusal',
  'trace',
  'not testable',
] as const;
export type Kind = (typeof KINDS)[number];

/** One difference between what was expected and what came. */
export interface Finding {
  kind: Kind;
  /** Where: a JSON Pointer into the body, or `status`, `media type`, `header content-type`, `body`. */
  where: string;
  expected: string;
  came: string;
  basis: Basis;
  /** Key of the page, where it is another one than the step's. */
  page?: string;
}

/** How findings are graded: notices fail when strict; undocumented members only when asked for. */
export interface Policy {
  strict: boolean;
  undocumented: 'report' | 'fail';
}

/** The grade of a finding under a policy. */
export function gradeOf(finding: Finding, policy: Policy): Grade {
  if (finding.kind === 'not testable') return 'not testable';
  if (finding.kind === 'undocumented') return policy.undocumented === 'fail' ? 'violation' : 'undocumented';
  if (policy.strict || finding.basis === 'documented' || finding.basis === 'standard') return 'violation';
  return 'notice';
}

/** Whether a finding of this grade fails the run. */
export function fails(grade: Grade): boolean {
  return grade === 'violation' || grade === 'not testable';
}
