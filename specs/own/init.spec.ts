import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from '@playwright/test';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { readEnvironment, validateEnvironment } from '../../src/environment.ts';
import { initCommand } from '../../src/init/command.ts';
import { dotenvOf } from '../../src/init/dotenv.ts';
import { linesOf } from '../../src/init/lines.ts';
import { ROOT } from '../../src/yaml.ts';
import { counterexample } from './support/property.ts';

/** What the command comes to when these lines are typed into a terminal, or come through a pipe. */
async function run(typed: string, file: string, isTTY = false): Promise<{ code: number; said: string; shown: string }> {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const said: string[] = [];
  let shown = '';
  const keys = isTTY ? typed.split(/(?<=\r)/) : [];
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (isTTY && chunk.toString().endsWith(': ')) setImmediate(() => input.write(keys.shift() ?? ''));
  });
  if (!isTTY) input.end(typed);
  const code = await initCommand(
    [],
    (text) => said.push(text),
    () => linesOf(input, output),
    file,
  );
  return { code, said: said.join('\n'), shown };
}

const PASSWORD = ` pa#ss 'w"o\`r$d\\n é→ `;
const ANSWERS = ['pingidm', 'https://idm.example.com', 'bjensen', 'Passw0rd', '', 'admin', `a#'$b\\`, '.', ''].join(
  '\n',
);

test('what is typed is written, for its owner alone, and is read back', async ({}, info) => {
  const file = info.outputPath('.env');
  const { code, said, shown } = await run(ANSWERS, file);
  expect(code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const read = readEnvironment(file);
  expect(read).toEqual({
    PINGIDM_URL: 'https://idm.example.com',
    PINGIDM_USER_USERNAME: 'bjensen',
    PINGIDM_USER_PASSWORD: 'Passw0rd',
    PINGIDM_ADMIN_USERNAME: 'admin',
    PINGIDM_ADMIN_PASSWORD: `a#'$b\\`,
  });
  expect(validateEnvironment(read)).toMatchObject(read);
  expect(said).toContain('npm run -s doctor');
  expect(said + shown).not.toContain('Passw0rd');
});

test('a password that is typed into a terminal is not shown, and other answers are', async ({}, info) => {
  const { code, shown } = await run(ANSWERS.replaceAll('\n', '\r'), info.outputPath('.env'), true);
  expect(code).toBe(0);
  expect(shown).toContain('bjensen');
  expect(shown).not.toMatch(/Pass|a#/);

  const ahead = await run(ANSWERS, info.outputPath('ahead'), true);
  expect(ahead.shown).not.toMatch(/Pass|a#/);
});

for (const [what, typed] of [
  ['Ctrl+C', 'pingidm\rhttps://idm.example.com\r\u0003'],
  ['Ctrl+D', 'pingidm\r\u0004'],
] as const)
  test(`${what} writes nothing`, async ({}, info) => {
    const file = info.outputPath('.env');
    const { code, said } = await run(typed, file, true);
    expect({ code, written: existsSync(file) }).toEqual({ code: 1, written: false });
    expect(said).toContain('nothing is written');
  });

test('input that ends early writes nothing', async ({}, info) => {
  for (const lines of [0, 1, 2, 3, 4, 7]) {
    const file = info.outputPath('.env');
    const { code } = await run(ANSWERS.split('\n').slice(0, lines).join('\n'), file);
    expect({ lines, code, written: existsSync(file) }).toEqual({ lines, code: 1, written: false });
  }
});

test('a mistake is told as a run tells it, and asked for again', async ({}, info) => {
  const { code, said } = await run(
    ['pingdm', 'pingidm,pingone', 'https://idm.example.com/openidm', ANSWERS.split('\n').slice(1, -1).join('\n')]
      .concat(['e', '', 'c', 'secret', 'us', 'eu', '.', ''])
      .join('\n'),
    info.outputPath('.env'),
  );
  expect(code).toBe(0);
  for (const told of [
    "there is no 'pingdm' (did you mean 'pingidm'?)",
    '  PINGIDM_URL is malformed\n      Address of PingIDM, without /openidm',
    'it is needed; for example: 11111111-',
    'PINGONE_REGION must be one of',
  ])
    expect(said).toContain(told);
  expect(readEnvironment(info.outputPath('.env'))).toMatchObject({ PINGONE_CLIENT_ID: 'c', PINGONE_REGION: 'eu' });
});

test('what rests on an answer that was left out is not asked for', async ({}, info) => {
  const file = info.outputPath('.env');
  const optional = Array.from({ length: 40 }, () => '');
  const { code, said } = await run([...ANSWERS.split('\n').slice(0, 4), ...optional].join('\n'), file);
  expect(code).toBe(0);
  expect(said).toContain('An administrator');
  expect(said).not.toContain('Password of PINGIDM_ADMIN_USERNAME');
});

test('an .env that is there stays as it is', async ({}, info) => {
  const file = info.outputPath('.env');
  writeFileSync(file, 'STRICT=true\n');
  await expect(run(ANSWERS, file)).rejects.toThrow('there is an .env already');
  expect(readFileSync(file, 'utf8')).toBe('STRICT=true\n');
});

test('values are read back as they were typed, whatever is in them', () => {
  const value = fc.string({
    unit: fc.constantFrom(...`ab#'"\`$\\nr=: \t{}!é→😀\u2028\u00a0`, ...["B='", "'#"]),
    minLength: 1,
    maxLength: 8,
  });
  expect(
    counterexample(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const named = Object.fromEntries(values.map((one, index) => [`A${index}`, one]));
        const { text, unwritable } = dotenvOf(named);
        const read = parse(text);
        return Object.entries(named).every(([name, one]) =>
          unwritable.includes(name) ? ["'", '`'].every((sign) => one.includes(sign)) : read[name] === one,
        );
      }),
    ),
  ).toBeUndefined();
});

test('a password with nearly everything in it is written, and one with everything is told', () => {
  expect(parse(dotenvOf({ A: PASSWORD.replace('#', '').trim() }).text)).toEqual({
    A: PASSWORD.replace('#', '').trim(),
  });
  expect(dotenvOf({ A: PASSWORD }).unwritable).toEqual(['A']);
});

test('the command takes piped answers, and explains itself', () => {
  const tsx = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const { status, stdout } = spawnSync(process.execPath, [tsx, 'src/init/main.ts', '--help'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('Ctrl+C');
});
