import type { Verdict } from '../../result.ts';
import { verdictText } from '../document.ts';
import { markup } from '../page/html.ts';
import type { Run } from '../run.ts';

const COLOURS: Record<Verdict, string> = {
  conforms: '#136c34',
  partial: '#875400',
  violates: '#b3151b',
  'not testable': '#59616b',
};

/** The verdict as a small picture for a README. */
export function badgeOf({ document }: Run): string {
  const verdict = verdictText(document);
  const [left, right] = [84, 14 + verdict.length * 7];
  const text = `conformance: ${verdict}`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${text}">
<title>${text}</title>
<rect width="${left}" height="20" fill="#444"/>
<rect x="${left}" width="${right}" height="20" fill="${COLOURS[document.verdict]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="${left / 2}" y="14">conformance</text>
<text x="${left + right / 2}" y="14">${verdict}</text>
</g>
</svg>
`.text;
}
