import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SuiteError } from '../errors.ts';
import { isOwner, lives, self, silentFor, type Owner } from './alive.ts';
import { problemOf } from './journal.ts';

const PAUSE = 100;
const PATIENCE = 3_000;
const SIGN_OF_LIFE = 10_000;
/** A file is written at once after it is made; one that stays empty for so long was left by a kill in between. */
const WRITTEN = 5_000;

/**
 * Does something while no other process on the same folder does the same: stories that write to one server are told
 * one at a time, so that runs at once do not disturb each other. A lock that a dead process has left is broken.
 */
export async function alone<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(folder, `${name}.lock`);
  makeFolder(folder);
  for (let waited = 0; !claim(file); waited += PAUSE) {
    breakDead(file);
    if (waited === PATIENCE) console.warn(`waiting for another run that writes to the same server (${file})`);
    await sleep(PAUSE);
  }
  const beat = setInterval(() => touch(file), SIGN_OF_LIFE).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (same(ownerOf(file), self())) release(file);
  }
}

/** What cannot be taken away is broken by the next process, since this one is dead then. */
function release(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    console.warn(`the lock ${path.basename(file)} cannot be deleted; the next run takes it for dead`);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SuiteError(problemOf(folder, error));
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Somebody has deleted it by hand.
  }
}

/** Makes the file with this process in it, unless there is one. */
function claim(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(self()), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new SuiteError(problemOf(file, error));
  }
}

/** Who made the file; undefined if that is not written there (yet). */
function ownerOf(file: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isOwner(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function dead(file: string, owner: Owner | undefined): boolean {
  const silent = silentFor(file);
  return owner ? !lives(owner, file) : silent > WRITTEN && silent !== Infinity;
}

/**
 * Takes away a lock whose process is dead. Only one process may do that: otherwise a slower one would take away the lock
 * that a faster one has just made. So that one is chosen by a lock of its own, which may be left behind by a dead process too.
 */
function breakDead(file: string): void {
  const owner = ownerOf(file);
  if (!dead(file, owner)) return;
  const breakers: string[] = [];
  for (;;) {
    const breaker = `${file}.${owner?.pid ?? 'unknown'}.${owner?.started.replace(/\W+/g, '-') ?? ''}.${breakers.length}`;
    breakers.push(breaker);
    if (claim(breaker)) break;
    if (!dead(breaker, ownerOf(breaker))) return;
  }
  if (same(ownerOf(file), owner)) rmSync(file, { force: true });
  for (const breaker of breakers) rmSync(breaker, { force: true });
}

function same(a: Owner | undefined, b: Owner | undefined): boolean {
  return a?.pid === b?.pid && a?.started === b?.started && a?.host === b?.host;
}
