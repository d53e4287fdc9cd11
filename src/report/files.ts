import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SuiteError } from '../errors.ts';
import { printableJson } from '../printable.ts';
import { explain, once, ROOT } from '../yaml.ts';
import { FORMAT, type Conformance } from './document.ts';

/** Where the reports of a run are written. */
export const FOLDER = 'conformance-report';

const check = once(() =>
  new Ajv2020({ strict: true, allowUnionTypes: true, verbose: true }).compile<Conformance & { digest: string }>(
    JSON.parse(readFileSync(path.join(ROOT, 'fixtures/conformance.schema.json'), 'utf8')) as object,
  ),
);

function digestOf(document: object): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(document)).digest('hex')}`;
}

/** Writes the document of a target. @returns its path, from the project's folder, without `.json` */
export function writeDocument(document: Conformance, root = ROOT): string {
  mkdirSync(path.join(root, FOLDER), { recursive: true });
  const file = `${FOLDER}/${document.target.id}`;
  const { format, ...rest } = document;
  const text = printableJson({ format, digest: digestOf(document), ...rest }, 2);
  writeFileSync(path.join(root, `${file}.json`), `${text}\n`);
  return file;
}

/**
 * Reads what a run came to.
 * @param place a `conformance-report/<target>.json`, or a folder with one in it
 * @throws SuiteError for what cannot be read, is cut short, was edited, or has another format
 */
export function readDocument(place: string): Conformance {
  const file = fileAt(place);
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new SuiteError(`${place} is not JSON (${error.message}): cut short? Run the suite again to write it anew`);
    throw unreadable(place, error);
  }
  if (value === null || typeof value !== 'object' || !('format' in value))
    throw new SuiteError(`${place} is not a report of this suite: give a file that a run wrote to ${FOLDER}/`);
  if (value['format'] !== FORMAT)
    throw new SuiteError(
      `${place} has format ${JSON.stringify(value['format'])}, and this version of the suite reads ${FORMAT}: compare reports of one version of the suite, and judge both servers again if there is no other way`,
    );
  const validate = check();
  if (!validate(value)) {
    const [error] = validate.errors ?? [];
    throw new SuiteError(
      `${place}: ${error?.instancePath === '' ? 'the report' : (error?.instancePath ?? '')} ${error ? explain(error) : 'is malformed'}: was it edited by hand? Run the suite again to write it anew`,
    );
  }
  const { digest, ...document } = value;
  if (digest !== digestOf(document))
    throw new SuiteError(
      `${place} is not as it was written (its digest does not fit): compare reports as a run wrote them; what is known to differ goes to deviations of the target`,
    );
  return document;
}

function fileAt(place: string): string {
  try {
    if (!statSync(place).isDirectory()) return place;
    const files = readdirSync(place).filter((file) => /(?<!\.(latency|ctrf|sarif))\.json$/.test(file));
    if (files.length === 1 && files[0] !== undefined) return path.join(place, files[0]);
    throw new SuiteError(
      files.length === 0
        ? `there is no report in ${place}: run the suite first`
        : `there are several reports in ${place}; give one of them: ${files.join(', ')}`,
    );
  } catch (error) {
    if (error instanceof SuiteError) throw error;
    throw unreadable(place, error);
  }
}

function unreadable(place: string, error: unknown): SuiteError {
  const code = (error as NodeJS.ErrnoException).code ?? 'error';
  return new SuiteError(
    `${place} cannot be read (${code}): give the conformance-report/<target>.json that a run wrote, or its folder`,
  );
}
