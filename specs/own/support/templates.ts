import { parse } from 'yaml';
import { textOf } from './files.ts';

/** What runs in a template for a CI, in its order. */
export interface Template {
  file: string;
  /** Commands, with `1/2` and `2/2` where the template names its shard. */
  commands: string[];
}

interface Github {
  jobs: Record<string, { strategy?: { matrix: { shard: string[] } }; steps: { run?: string }[] }>;
}

type Gitlab = Record<
  string,
  { parallel?: number; before_script?: string[]; script?: string[]; after_script?: string[] }
>;

/** The templates in `ci/`, as far as they run something. @throws where a YAML file cannot be parsed */
export function templates(): Template[] {
  return [
    { file: 'ci/github.yml', commands: github('ci/github.yml') },
    { file: 'ci/gitlab.yml', commands: gitlab('ci/gitlab.yml') },
    { file: 'ci/Jenkinsfile', commands: jenkins('ci/Jenkinsfile') },
  ];
}

function github(file: string): string[] {
  const { jobs } = parse(textOf(file)) as Github;
  return Object.values(jobs).flatMap(({ strategy, steps }) =>
    each(
      strategy?.matrix.shard,
      '${{ matrix.shard }}',
      steps.flatMap(({ run }) => run ?? []),
    ),
  );
}

function gitlab(file: string): string[] {
  const { default: common, ...jobs } = parse(textOf(file)) as Gitlab;
  return Object.values(jobs).flatMap(({ parallel, script, after_script }) =>
    script === undefined
      ? []
      : each(
          parallel === undefined
            ? undefined
            : Array.from({ length: parallel }, (_, index) => `${index + 1}/${parallel}`),
          '$CI_NODE_INDEX/$CI_NODE_TOTAL',
          [...(common?.before_script ?? []), ...script, ...(after_script ?? [])],
        ),
  );
}

function jenkins(file: string): string[] {
  const text = textOf(file);
  const shards = [...(/def shards = \[(.*?)\]/.exec(text)?.[1] ?? '').matchAll(/'(.*?)'/g)].map(([, one]) => one ?? '');
  const commands = [...text.matchAll(/\bsh (['"])(.*?)\1/g)].map(([, , command]) => command ?? '');
  return each(shards, '${shard}', commands);
}

/** The commands, and those that name a shard once for each. */
function each(shards: string[] | undefined, variable: string, commands: string[]): string[] {
  return commands.flatMap((command) =>
    command.includes(variable) ? (shards ?? []).map((shard) => command.replaceAll(variable, shard)) : [command],
  );
}

/** What every template runs to come to a verdict. */
export const JUDGING = [
  'npx playwright test --shard=1/2 --reporter=blob',
  'npx playwright test --shard=2/2 --reporter=blob',
  'npx playwright merge-reports --reporter ./src/reporter.ts blob-report',
];
