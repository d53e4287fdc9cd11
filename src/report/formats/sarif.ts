import type { Grade } from '../../finding.ts';
import { verdictText } from '../document.ts';
import { contractPlace, placeOf, type Run, type ToldStatement, type ToldStory } from '../run.ts';
import { said } from './problem.ts';
import { printableJson } from '../../printable.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF 2.1.0, 3.27.10; what is tolerated is suppressed besides. */
const LEVELS: Record<Grade, 'error' | 'warning' | 'note'> = {
  violation: 'error',
  'not testable': 'error',
  notice: 'warning',
  undocumented: 'note',
  tolerated: 'warning',
};

/** What a run found as SARIF 2.1.0: each finding points at the line of the sequence, and at the contract's operation. */
export function sarifOf({ document, stories }: Run): string {
  const kinds = new Set<string>();
  const results = stories.flatMap((story) =>
    story.statements.flatMap((statement) =>
      statement.findings.map((finding) => {
        kinds.add(finding.kind);
        return resultOf(story, statement, finding);
      }),
    ),
  );
  const rules = [...kinds].sort().map((kind) => ({ id: ruleOf(kind), shortDescription: { text: `found by ${kind}` } }));
  const driver = { name: 'conformance', version: document.suite, rules };
  return printableJson(
    {
      $schema: SCHEMA,
      version: '2.1.0',
      runs: [{ tool: { driver }, results, properties: { verdict: verdictText(document) } }],
    },
    2,
  );
}

function resultOf(story: ToldStory, statement: ToldStatement, finding: ToldStatement['findings'][number]) {
  const contract = contractPlace(story, statement);
  return {
    ruleId: ruleOf(finding.kind),
    level: LEVELS[finding.grade],
    message: { text: `${statement.says}: ${said(finding)} (${statement.url})` },
    locations: [locationOf(placeOf(statement.place))],
    ...(contract
      ? { relatedLocations: [{ ...locationOf(contract), message: { text: 'the operation in the contract' } }] }
      : {}),
    // The same finding in a later run is the same alert.
    partialFingerprints: {
      'statement/v1': `${story.id} ${story.version} ${statement.id} ${finding.kind} ${finding.where}`,
    },
    ...(finding.grade === 'tolerated'
      ? { suppressions: [{ kind: 'external', justification: statement.reason ?? '' }] }
      : {}),
    properties: { basis: finding.basis, grade: finding.grade },
  };
}

function ruleOf(kind: string): string {
  return kind.replaceAll(' ', '-');
}

function locationOf({ file, line }: { file: string; line: number }) {
  return { physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: line } } };
}
