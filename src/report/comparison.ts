import { pagesFile } from '../pages.ts';
import { printable } from '../printable.ts';
import type { Difference, Rating } from './difference.ts';
import type { Conformance } from './document.ts';
import { escaped, versionOf } from './markdown.ts';

export const RATINGS: Rating[] = ['breaking', 'additive', 'neutral'];
const MARKS: Record<Rating, string> = { breaking: '✗', additive: '+', neutral: '·' };

/** Names a side of a comparison. */
export function nameOf(side: Conformance): string {
  const { target, coverage, filtered } = side;
  const only = filtered === undefined ? '' : `; filtered: ${filtered.told} of ${filtered.of} sequences`;
  return `${target.name} (${coverage.map(versionOf).join(', ')}${only})`;
}

/** `2 breaking, 1 additive, 0 neutral` */
export function countsOf(found: Difference[]): string {
  return RATINGS.map((rating) => `${found.filter((one) => one.rating === rating).length} ${rating}`).join(', ');
}

/** A comparison in plain text. */
export function textOf(before: Conformance, after: Conformance, found: Difference[]): string {
  const lines = found.map(
    (one) =>
      `  ${MARKS[one.rating]} ${one.rating}: ${one.rule}: ${[placeOf(one), `${one.before} → ${one.after}`].map(printable).join(': ')}${one.says === undefined ? '' : `\n      ${one.says}`}${urlOf(one) === '' ? '' : `\n      ${urlOf(one)}`}`,
  );
  return [
    `before: ${nameOf(before)}`,
    `after:  ${nameOf(after)}`,
    ...(lines.length > 0 ? ['', ...lines] : []),
    '',
    countsOf(found),
  ].join('\n');
}

/** A comparison for a pull request. */
export function markdownOfComparison(before: Conformance, after: Conformance, found: Difference[]): string {
  const tables = (['behaviour', 'contract'] as const).flatMap((of) =>
    RATINGS.flatMap((rating) => {
      const rows = found.filter((one) => one.of === of && one.rating === rating);
      if (rows.length === 0) return [];
      const title = of === 'contract' ? `### Documentation: ${rating}` : `### ${rating}`;
      const cells = rows.map(
        (one) =>
          `| ${[one.rule, placeOf(one), one.before, one.after].map(escaped).join(' | ')} | ${urlOf(one) === '' ? '' : `[page](${urlOf(one)})`} |`,
      );
      return [title, ['| what | where | before | after | |', '|---|---|---|---|---|', ...cells].join('\n')];
    }),
  );
  return [
    `## ${escaped(nameOf(before))} → ${escaped(nameOf(after))}`,
    `${countsOf(found)}`,
    ...(tables.length > 0 ? tables : ['Nothing differs.']),
  ].join('\n\n');
}

/** Where a difference is: the statement, and the place in its answer. */
export function placeOf({ where, at }: Difference): string {
  return at === undefined ? where : `${where} ${at === '' ? '(the whole body)' : at}`;
}

function urlOf({ page }: Difference): string {
  return page === undefined ? '' : (pagesFile()[page]?.url ?? '');
}
