import { parseArgs } from 'node:util';
import { FAULTS, start, VARIANTS } from './index.ts';

const HELP = `npm run -s reference [-- OPTIONS]

Starts a world to develop a client against, and prints the lines of a .env that point at it. Ctrl+C ends it.

  --port N          the port on loopback (any free one)
  --version V       the version of PingIDM that it plays: 7.5 (default) or 7.3.1
  --fault NAME      goes wrong in that way; may be given several times
  --variant NAME    conforms in another way; may be given several times
  --list            the names of all faults and variants, each with a sentence
  --help            this
`;

// Whoever reads what is printed may stop reading (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const list = { type: 'string', multiple: true, default: [] as string[] } as const;
try {
  const { values, positionals } = parseArgs({
    options: {
      port: { type: 'string' },
      version: { type: 'string', default: '7.5' },
      fault: list,
      variant: list,
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) console.log(HELP);
  else if (values.list)
    for (const [kind, known] of Object.entries({ fault: FAULTS, variant: sentences() }))
      for (const [name, says] of Object.entries(known)) console.log(`${kind} ${name}: ${says}`);
  else {
    const port = Number(values.port ?? positionals[0] ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`the port must be a number up to 65535`);
    if (!['7.5', '7.3.1'].includes(values.version)) throw new Error(`the version must be 7.5 or 7.3.1`);
    const { fault: faults, variant: variants, version } = values;
    const { variables } = await start({ product: 'pingidm', version, faults, variants, port });
    for (const [name, value] of Object.entries(variables)) console.log(`${name}=${value}`);
  }
} catch (error) {
  console.error(`${(error as Error).message}\n\n${HELP}`);
  process.exitCode = 2;
}

function sentences(): Record<string, string> {
  return Object.fromEntries(Object.entries(VARIANTS).map(([name, { says }]) => [name, says]));
}
