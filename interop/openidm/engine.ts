import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SuiteError } from '../../src/errors.ts';

const HERE = import.meta.dirname;
const OLDEST_JAVA = 17;

/** The version of a tool, or undefined where it is missing. */
function versionOf(tool: string): string | undefined {
  const { status, stdout, stderr } = spawnSync(tool, ['-version'], { encoding: 'utf8' });
  return status === 0 ? /\d+(\.\d+)*/.exec(stdout + stderr)?.[0] : undefined;
}

/**
 * Compiles the host of the engine and fetches what it needs from Maven Central, as far as that is not done.
 * @throws SuiteError that says what is missing and how to get it
 */
export function build(): void {
  for (const tool of ['java', 'javac']) {
    const version = versionOf(tool);
    if (version === undefined || Number(version.split('.')[0]) < OLDEST_JAVA)
      throw new SuiteError(
        `${tool} ${version === undefined ? 'is missing' : `is version ${version}`}: install a JDK, version ${OLDEST_JAVA} or newer (Debian: apt-get install default-jdk-headless)`,
      );
  }
  if (versionOf('mvn') === undefined)
    throw new SuiteError('mvn is missing: install Maven (Debian: apt-get install maven)');
  const { status, stdout } = spawnSync('mvn', ['-q', '-B', 'compile', 'dependency:copy-dependencies'], {
    cwd: HERE,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new SuiteError(`mvn could not build interop/openidm (exit code ${status ?? 'none'}):\n${stdout}`);
}

/** A running engine: the variables that its target is configured by, and how to end it. */
interface Engine {
  variables: Record<string, string>;
  stop: () => Promise<void>;
}

/**
 * Starts the engine on a free port of loopback. It ends by itself when this process does.
 * @throws SuiteError with what it said, if it ends before it is ready
 */
export async function startEngine(): Promise<Engine> {
  const classpath = ['target/classes', 'target/lib/*'].join(path.delimiter);
  // Its input stays open as long as this process lives: that is how it learns that nobody needs it any more.
  const engine = spawn('java', ['-Xmx256m', '-cp', classpath, 'interop.Main', '.'], {
    cwd: HERE,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let complaints = '';
  engine.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface(engine.stdout).once('line', resolve)),
    ended(engine).then(() => undefined),
  ]);
  if (line === undefined) throw new SuiteError(`the stage engine did not start:\n${complaints}`);
  return {
    variables: JSON.parse(line) as Record<string, string>,
    stop: async () => {
      engine.stdin.end();
      await ended(engine);
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
