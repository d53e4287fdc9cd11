import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './yaml.ts';

const PROGRAM = path.join(ROOT, 'node_modules/@redocly/cli/bin/cli.js');

/** It tells its makers nothing, and reaches this machine alone: what it asks of others goes to a proxy that nobody runs. */
const ALONE = {
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1',
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
};

/** Runs redocly in the project's folder. @returns its exit code and everything it printed */
export async function redocly(...words: string[]): Promise<{ code: number; output: string }> {
  const options = { cwd: ROOT, env: { ...process.env, ...ALONE }, maxBuffer: 2 ** 28 };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...words], options);
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code: number; stdout?: string; stderr?: string };
    return { code, output: stdout + stderr };
  }
}
