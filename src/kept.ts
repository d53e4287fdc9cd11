import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Json } from './json.ts';

/**
 * What is made of a text, kept under the text's digest: the next process reads it instead of making it again. Where nothing
 * can be kept or read, it is made; nothing depends on what is kept.
 * @param folder holds what is kept; beside it nothing is created
 * @param maker names what makes it, its version included
 * @param make what is made is JSON; what it throws is thrown
 */
export function kept<T extends Json>(folder: string, maker: string, text: string, make: () => T): T {
  const file = path.join(folder, `${createHash('sha256').update(`${maker}\n${text}`).digest('hex')}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    const made = make();
    keep(file, JSON.stringify(made));
    return made;
  }
}

/** Another process may read the file at any time: it appears whole or not at all. */
function keep(file: string, text: string): void {
  const folder = path.dirname(file);
  if (!existsSync(path.dirname(folder))) return;
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  } catch {
    // A folder that nobody may write to: the next process makes it again.
  }
}
