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

interface Run {
  code: number;
  said: string;
  shown: string;
  written: boolean;
}

/** What the command comes to when these lines are typed into a terminal, or come through a pipe. */
async function run(typed: string, file: string, isTTY = false): Promise<Run> {
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
  return { code, said: said.join('\n'), shown, written: existsSync(file) };
}

const PASSWORD = ` pa#ss 'w"o\`r$d\\n é→ `;
const ENVIRONMENT = 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6';
const NEEDED = ['pingidm', 'https://idm.example.com', 'openidm-admin', 'Passw0rd'];
const ANSWERS = [...NEEDED, 'y', '', 'bjensen', `a#'$b\\`, '.', ''].join('\n');

test('what is typed is written, for its owner alone, and is read back', async ({}, info) => {
  const file = info.outputPath('.env');
  const { code, said, shown } = await run(ANSWERS, file);
  expect(code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const read = readEnvironment(file);
  expect(read).toEqual({
    PINGIDM_URL: 'https://idm.example.com',
    PINGIDM_ADMIN_USERNAME: 'openidm-admin',
    PINGIDM_ADMIN_PASSWORD: 'Passw0rd',
    PINGIDM_USER_USERNAME: 'bjensen',
    PINGIDM_USER_PASSWORD: `a#'$b\\`,
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
    const { code, said, written } = await run(typed, file, true);
    expect({ code, written }).toEqual({ code: 1, written: false });
    expect(said).toContain('nothing is written');
  });

test('input that ends early writes nothing', async ({}, info) => {
  for (const lines of [0, 1, 2, 3, 4, 5, 8]) {
    const file = info.outputPath('.env');
    const { code, written } = await run(ANSWERS.split('\n').slice(0, lines).join('\n'), file);
    expect({ lines, code, written }).toEqual({ lines, code: 1, written: false });
  }
});

const MISTAKES: [what: string, lines: string[], told: string][] = [
  ['a server that is not there', ['pingdm'], "there is no 'pingdm' (did you mean 'pingidm'?)"],
  ['no server', [' , '], 'a name is needed; there are: pingidm, pingone'],
  [
    'an address of something below it',
    ['pingidm', 'https://idm.example.com/openidm'],
    '  PINGIDM_URL is malformed\n      Address of PingIDM, without /openidm',
  ],
  ['nothing where something is needed', ['pingidm', ''], 'PINGIDM_URL is needed; for example: https://idm.'],
  ['neither yes nor no', [...NEEDED, 'admin'], "'more?' takes y or n"],
  ['a version that there is not', [...NEEDED, 'y', '7.4'], 'PINGIDM_VERSION must be one of'],
  [
    'a password that no file can hold',
    [...NEEDED.slice(0, -1), PASSWORD],
    'PINGIDM_ADMIN_PASSWORD cannot be written: no .env file holds several kinds of quotes, or a # beside them',
  ],
];

for (const [what, lines, told] of MISTAKES) {
  test(`${what} is told, and asked for again`, async ({}, info) => {
    // In place of the line with the mistake come the right ones.
    const right = ANSWERS.split('\n').slice(lines.length - 1);
    const { code, said, written } = await run([...lines, ...right].join('\r'), info.outputPath('.env'), true);
    expect({ code, written }).toEqual({ code: 0, written: true });
    expect(said).toContain(told);
  });

  test(`${what} ends it where answers are piped in`, async ({}, info) => {
    const file = info.outputPath('.env');
    await expect(run([...lines, ...ANSWERS.split('\n')].join('\n'), file)).rejects.toThrow(told);
    expect(existsSync(file)).toBe(false);
  });
}

test('both servers may be asked for, and what is optional is asked for if that is wanted', async ({}, info) => {
  const file = info.outputPath('.env');
  const pingone = [ENVIRONMENT, 'c', 'secret', 'yes', 'eu', '.'];
  const { said } = await run(['pingone, pingidm', ...NEEDED.slice(1), 'n', ...pingone, ''].join('\n'), file);
  expect(said).toMatch(/Optional are PINGIDM_VERSION, PINGIDM_USER_USERNAME, /);
  expect(said).not.toMatch(/whose next login/i);
  expect(readEnvironment(file)).toEqual({
    PINGIDM_URL: 'https://idm.example.com',
    PINGIDM_ADMIN_USERNAME: 'openidm-admin',
    PINGIDM_ADMIN_PASSWORD: 'Passw0rd',
    PINGONE_ENVIRONMENT_ID: ENVIRONMENT,
    PINGONE_CLIENT_ID: 'c',
    PINGONE_CLIENT_SECRET: 'secret',
    PINGONE_REGION: 'eu',
  });
});

test('what rests on an answer that was left out is not asked for', async ({}, info) => {
  const file = info.outputPath('.env');
  const optional = Array.from({ length: 40 }, () => '');
  const { code, said } = await run([...NEEDED, 'y', ...optional].join('\n'), file);
  expect(code).toBe(0);
  expect(said).toContain('A user whose next login');
  expect(said).not.toContain('Password of PINGIDM_USER_USERNAME');
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

test('a word that the command does not know is a mistake', () => {
  const tsx = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const command = [tsx, 'src/init/main.ts', '--hlep'];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^Unknown option '--hlep'/m);
});

test('help asks nothing', async ({}, info) => {
  const said: string[] = [];
  const file = info.outputPath('.env');
  const open = (): never => {
    throw new Error('it asked');
  };
  expect(await initCommand(['--help'], (text) => said.push(text), open, file)).toBe(0);
  expect(said.join('')).toContain('Ctrl+C');
});
