import { start } from './index.ts';

// `npm run reference [-- PORT]`: a world to develop a client against, as the .env lines that point at it.
const port = Number(process.argv[2] ?? 0);
const { variables } = await start({ port });
for (const [name, value] of Object.entries(variables)) console.log(`${name}=${value}`);
