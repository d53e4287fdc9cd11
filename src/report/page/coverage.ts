import { contractOf } from '../../contract.ts';
import { entriesOf, isListed } from '../../coverage.ts';
import type { Conformance, CoverageEntry } from '../document.ts';
import { section } from './frame.ts';
import { markup, type Html } from './html.ts';

/** How much of each operation of the contracts answers have shown, as bars; what was not, a click away. */
export function coverageSection({ coverage }: Conformance): Html {
  return section('coverage', 'Coverage of the contracts', coverage.map(ofVersion));
}

interface Share {
  named: number;
  seen: number;
}

function ofVersion({ product, version, never }: CoverageEntry): Html {
  const shares = sharesOf(product, version, never);
  const all = [...shares.values()].reduce((a, b) => ({ named: a.named + b.named, seen: a.seen + b.seen }), {
    named: 0,
    seen: 0,
  });
  return markup`<h3>${product} ${version}: ${all.seen} of ${all.named}</h3>
<p>Operations, statuses, media types, members, branches and headers that the contract names, and how many of them were seen. Of the others nothing is known.</p>
<ul class="bars">
${[...shares].map(
  ([
    operation,
    share,
  ]) => markup`<li><details><summary><span>${operation}</span> ${bar(share)} <span class="n">${share.seen} of ${share.named}</span></summary>${unseen(operation, never)}</details></li>
`,
)}</ul>
`;
}

/** Of each operation, how many entries there are, and how many were seen; those below one that was never seen were not either. */
function sharesOf(product: string, version: string, never: string[]): Map<string, Share> {
  const entries = entriesOf(contractOf(product, version));
  const listed = new Set(never);
  const shares = new Map<string, Share>();
  for (const entry of entries.keys()) {
    const operation = entry.split(' ', 1)[0] ?? '';
    const share = shares.get(operation) ?? { named: 0, seen: 0 };
    share.named++;
    if (!isListed(entries, listed, entry)) share.seen++;
    shares.set(operation, share);
  }
  return shares;
}

/** A bar; the numbers beside it say the same in words. */
function bar({ named, seen }: Share): Html {
  const width = Math.round((seen / named) * 1000) / 10;
  return markup`<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="4"/><rect class="seen" width="${width}" height="4"/></svg>`;
}

function unseen(operation: string, never: string[]): Html {
  const list = never.filter((entry) => entry === operation || entry.startsWith(`${operation} `));
  if (list.length === 0) return markup`<p>Everything was seen.</p>`;
  return markup`<p>Never seen:</p><ul>${list.map((entry) => markup`<li><code>${entry}</code></li>`)}</ul>`;
}
