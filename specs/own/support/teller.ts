import { devNull } from 'node:os';
import { readEnvironment, validateEnvironment } from '../../../src/environment.ts';
import { broken, tellSafely } from './safely.ts';

// Tells one story to one target as a run does, and no more: a process to be killed.
const [folder = '', target = '', story = ''] = process.argv.slice(2);
const problems = broken(await tellSafely(story, target, validateEnvironment(readEnvironment(devNull)), folder));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
