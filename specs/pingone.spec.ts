import { tellings, test } from '../src/replay.ts';

for (const { title, details, body } of tellings('pingone')) test(title, details, body);
