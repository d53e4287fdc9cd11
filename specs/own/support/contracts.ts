import path from 'node:path';
import type { Contract, Operation } from '../../../src/contract.ts';
import { at, child, isObject, type Json } from '../../../src/json.ts';
import { readYaml, ROOT } from '../../../src/yaml.ts';
import { filesUnder } from './files.ts';

/** The root documents: one for each version of each product. */
export const ROOTS = filesUnder('contracts', '.yaml').filter((file) => file.split('/').length === 3);

interface Reference {
  pointer: string;
  /** The file it leads to, from the project's folder, and the pointer in it. */
  file: string;
  fragment: string;
}

/** Every `$ref` of a contract file. */
export function referencesOf(file: string): Reference[] {
  const found: Reference[] = [];
  const walk = (value: Json, pointer: string): void => {
    if (Array.isArray(value)) value.forEach((one, index) => walk(one, child(pointer, index)));
    else if (isObject(value))
      for (const [name, one] of Object.entries(value)) {
        if (name === '$ref' && typeof one === 'string') found.push({ pointer, ...lead(file, one) });
        else walk(one, child(pointer, name));
      }
  };
  walk(readYaml(file).value, '');
  return found;
}

function lead(from: string, reference: string): { file: string; fragment: string } {
  const [target = '', fragment = ''] = reference.split('#');
  return {
    file: target === '' ? from : path.posix.join(path.posix.dirname(from), target),
    fragment: decodeURIComponent(fragment),
  };
}

/** Every file that a root document leads to, itself included. */
export function reachedFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const reference of referencesOf(file)) reachedFrom(reference.file, seen);
  return seen;
}

/** The references that lead nowhere, each with its place. */
export function dangling(file: string): string[] {
  return referencesOf(file)
    .filter((reference) => at(readYaml(reference.file).value, reference.fragment) === undefined)
    .map((reference) => `${file}:${readYaml(file).line(reference.pointer)} leads to nothing at #${reference.fragment}`);
}

interface SchemaPlace {
  what: string;
  file: string;
  pointer: string;
}

/** Every schema that an operation holds requests and answers to. */
export function schemasOf(contract: Contract, operation: Operation): SchemaPlace[] {
  const { id, place, path: route } = operation;
  const answers = contract.answers(operation).flatMap(({ status, media, place: answer }) => [
    // A media range stands for any body: it has no schema.
    ...media
      .filter((type) => type !== '*/*')
      .map((type) => ({
        what: `${id} ${status} ${type}`,
        file: answer.file,
        pointer: `${child(`${answer.pointer}/content`, type)}/schema`,
      })),
    ...membersOf(answer.value, '/headers').map((name) => ({
      what: `${id} ${status} header ${name}`,
      file: answer.file,
      pointer: `${child(`${answer.pointer}/headers`, name)}/schema`,
    })),
  ]);
  const requests = ['application/json', 'application/x-www-form-urlencoded'].flatMap((media) => {
    const schema = contract.requestSchema(operation, media);
    return schema ? [{ what: `${id} request ${media}`, file: schema.file, pointer: schema.pointer }] : [];
  });
  const shared = place.pointer.slice(0, place.pointer.lastIndexOf('/'));
  const parameters = [`${place.pointer}/parameters`, `${shared}/parameters`].flatMap((list) => {
    const value = at(readYaml(place.file).value, list);
    return (Array.isArray(value) ? value : []).map((_, index) => {
      const found = contract.schemaAt(place.file, child(list, index));
      return { what: `${route} parameter ${index}`, file: found.file, pointer: `${found.pointer}/schema` };
    });
  });
  return [...answers, ...requests, ...parameters];
}

function membersOf(value: Json, pointer: string): string[] {
  const found = at(value, pointer);
  return isObject(found) ? Object.keys(found) : [];
}

/** A path of the project as it stands on this machine. */
export function absolute(file: string): string {
  return path.join(ROOT, file);
}
