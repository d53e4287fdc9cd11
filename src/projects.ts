import type { PlaywrightTestConfig } from '@playwright/test';
import { readEnvironment, validateEnvironment, type Environment } from './environment.ts';
import { SuiteError } from './errors.ts';
import { choose, serves, targetFiles } from './target.ts';

type Project = NonNullable<PlaywrightTestConfig<object, { targetId: string }>['projects']>[number];

/**
 * One Playwright project for each target that a run judges. A target's project runs the stories of the versions it serves.
 * A mistake in the configuration ends the run with exit code 2 and one message.
 */
export function targetProjects(): Project[] {
  try {
    const environment = validateEnvironment(readEnvironment());
    return choose(environment, fromCommandLine() ?? environment['TARGET']).map((id) => targetProject(id, environment));
  } catch (error) {
    if (!(error instanceof SuiteError) || process.env['TEST_WORKER_INDEX'] !== undefined) throw error;
    console.error(`\n${error.message}\n`);
    process.exit(2);
  }
}

/** The project that judges one target. */
export function targetProject(id: string, environment: Environment): Project {
  const file = targetFiles()[id]?.value;
  const tags = (file ? serves(file, environment) : []).map(({ product, version }) =>
    `@${product}-${version}`.replaceAll('.', '\\.'),
  );
  return { name: id, grep: new RegExp(`(${tags.join('|')})(?![\\w.-])`), use: { targetId: id } };
}

/** Targets named by `--project`, which goes before TARGET; kept in TARGET, so that workers choose the same. */
function fromCommandLine(): string | undefined {
  const names = process.argv.flatMap((word, index) => {
    if (word.startsWith('--project=')) return [word.slice('--project='.length)];
    return process.argv[index - 1] === '--project' ? [word] : [];
  });
  if (names.length === 0) return undefined;
  process.env['TARGET'] = names.join(',');
  return process.env['TARGET'];
}
