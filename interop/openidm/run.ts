import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { ROOT } from '../../src/yaml.ts';
import { readEnvironment } from '../../src/environment.ts';
import { SuiteError } from '../../src/errors.ts';
import { build, startEngine } from './engine.ts';

/** A run whose target is only partial; the engine's is, by what its file says that it lacks. */
const PARTIAL = 4;

/** Judges a target, with the arguments of `npm run openidm --`. @returns the run's exit code */
function judge(target: string, variables: Record<string, string>): Promise<number> {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const run = spawn(process.execPath, [playwright, 'test', ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...variables, TARGET: target },
  });
  process.on('SIGTERM', () => run.kill());
  return new Promise((resolve) => run.once('exit', (code) => resolve(code ?? 1)));
}

async function main(): Promise<number> {
  const { OPENIDM_URL, PINGIDM_URL } = readEnvironment();
  // The users of a full OpenIDM are those of PINGIDM_*, which are checked together with their address.
  if (OPENIDM_URL !== undefined)
    return judge('openidm=openidm-full', { OPENIDM_URL, PINGIDM_URL: PINGIDM_URL ?? OPENIDM_URL });
  build();
  const engine = await startEngine();
  try {
    const code = await judge('openidm', engine.variables);
    return code === PARTIAL ? 0 : code;
  } finally {
    await engine.stop();
  }
}

// Ctrl+C reaches the run too, which ends by itself; the engine is stopped after it.
process.on('SIGINT', () => undefined);
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SuiteError)) throw error;
  console.error(`\n${error.message}\n`);
  process.exitCode = 2;
}
