import { tellings, test } from '../src/replay.ts';

for (const { title, details, body } of tellings('pingidm')) test(title, details, body);
