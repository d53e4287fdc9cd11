import path from 'node:path';
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { OpenAPIV3_1 } from 'openapi-types';
import { didYouMean, SuiteError } from './errors.ts';
import type { Basis } from './finding.ts';
import { at, child, isObject, type Json, type JsonObject } from './json.ts';
import { exactly } from './names.ts';
import { decoded, encoded } from './percent.ts';
import { Live, printedText, type PrintedText } from './printed.ts';
import { Schemas } from './schemas.ts';
import { explain, readYaml, ROOT, type YamlFile } from './yaml.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** Where a value of a contract stands: its file and the pointer in it, with every `$ref` on the way followed. */
interface Place {
  file: string;
  pointer: string;
  value: Json;
}

/** One operation of a contract. */
export interface Operation {
  id: string;
  method: string;
  /** The path template with `{parameters}`; an action of its own carries its query (`?_action=login`). */
  path: string;
  /** Which of the target's addresses serves it (`x-address` of the server object). */
  address: string;
  /** The page that the operation cites. */
  page: string | undefined;
  /** Where its answer says the version of the server (`x-version`, a pointer). */
  version: string | undefined;
  place: Place;
  definition: OpenAPIV3_1.OperationObject;
}

/** An answer that an operation names: its status (`200`, `4XX`, …), its media types and where it stands. */
interface Answer {
  status: string;
  media: string[];
  place: Place;
}

/** What a contract says of one answer. */
export interface ContractError {
  pointer: string;
  expected: string;
  /** `documented`, unless the schema marks the promise otherwise (`x-basis`). */
  basis: Basis;
  /** What the schema marks, if it does. */
  marked: Basis | undefined;
}

/** How long an accepted change may take to show (`x-settles` of the document). */
export interface Delay {
  /** The operations that change it; without them, whichever. */
  operations?: string[];
  /** The status that says so; without it, any of success. */
  status?: number;
  /** Seconds. */
  within: number;
  /** The status that is answered meanwhile; without it, what was there before is shown. */
  meanwhile?: number;
  /** On what a server that takes its time is found at fault; without it, it is not. */
  basis?: Basis;
}

/** An OpenAPI 3.1 document with the files it refers to, ready to judge requests and answers. */
export class Contract {
  readonly operations = new Map<string, Operation>();
  readonly file: string;
  readonly #files = new Map<string, YamlFile>();
  readonly #schemas: Schemas;
  readonly #answers = new Map<Operation, Answer[]>();
  readonly #routes = new Map<Operation, Route>();

  /** @param file path of the root document, relative to the project. @throws SuiteError for anything unreadable or dangling */
  constructor(file: string) {
    this.file = file;
    this.#load(path.resolve(ROOT, file));
    this.#schemas = new Schemas(this.#files);
    this.#collect();
  }

  #load(file: string): void {
    if (this.#files.has(file)) return;
    const yaml = readYaml(file);
    this.#files.set(file, yaml);
    const visit = (value: Json): void => {
      if (Array.isArray(value)) value.forEach(visit);
      else if (isObject(value)) {
        const ref = value['$ref'];
        if (typeof ref === 'string' && !ref.startsWith('#'))
          this.#load(path.resolve(path.dirname(file), ref.split('#')[0] ?? ''));
        Object.values(value).forEach(visit);
      }
    };
    visit(yaml.value);
  }

  /** Follows `$ref`s from a place in a file. @throws SuiteError when one leads nowhere */
  #resolve(file: string, pointer: string): Place {
    const yaml = this.#files.get(file);
    const value = at(yaml?.value, pointer);
    if (yaml === undefined || value === undefined) throw new SuiteError(`there is nothing at '#${pointer}'`, file);
    const ref = isObject(value) ? value['$ref'] : undefined;
    if (typeof ref !== 'string') return { file, pointer, value };
    const [target = '', fragment = ''] = ref.split('#');
    return this.#resolve(target === '' ? file : path.resolve(path.dirname(file), target), decodeURIComponent(fragment));
  }

  #collect(): void {
    const root = path.resolve(ROOT, this.file);
    const document = this.#files.get(root)?.value as unknown as OpenAPIV3_1.Document;
    for (const route of Object.keys(document.paths ?? {})) {
      const item = this.#resolve(root, child('/paths', route));
      for (const method of METHODS) {
        const definition = at(item.value, `/${method}`) as unknown as OpenAPIV3_1.OperationObject | undefined;
        if (!definition) continue;
        const servers =
          definition.servers ??
          (at(item.value, '/servers') as unknown as OpenAPIV3_1.ServerObject[] | undefined) ??
          document.servers;
        const id = definition.operationId;
        const place = { ...item, pointer: child(item.pointer, method), value: definition as unknown as Json };
        if (!id)
          throw new SuiteError(
            `${method.toUpperCase()} ${route} has no operationId`,
            place.file,
            this.lineOf(place.file, place.pointer),
          );
        if (this.operations.has(id))
          throw new SuiteError(`two operations are called '${id}'`, place.file, this.lineOf(place.file, place.pointer));
        this.operations.set(id, {
          id,
          method: method.toUpperCase(),
          path: route,
          address: String((servers?.[0] as { 'x-address'?: string } | undefined)?.['x-address'] ?? 'default'),
          page: definition.externalDocs?.url,
          version: (definition as { 'x-version'?: string })['x-version'],
          place,
          definition,
        });
      }
    }
  }

  /** What the contract says of changes that may show late. */
  get delays(): Delay[] {
    const document = this.#files.get(path.resolve(ROOT, this.file))?.value;
    return (at(document, '/x-settles') ?? []) as unknown as Delay[];
  }

  /** The name of one of the contract's files, from the project's folder. */
  nameOf(file: string): string {
    return this.#files.get(file)?.name ?? file;
  }

  /** The line of a pointer in one of the contract's files. */
  lineOf(file: string, pointer: string): number {
    return this.#files.get(file)?.line(pointer) ?? 1;
  }

  /** The operation of that id. @throws SuiteError that names the nearest one */
  operation(id: string): Operation {
    const operation = this.operations.get(id);
    if (!operation)
      throw new SuiteError(`${this.file} has no operation '${id}'${didYouMean(id, this.operations.keys())}`);
    return operation;
  }

  /** The security schemes that an operation accepts, each as a header name (`authorization`, `x-user`, `cookie`). */
  credentialHeaders(operation: Operation): string[][] {
    const root = path.resolve(ROOT, this.file);
    const document = this.#files.get(root)?.value;
    const security = (operation.definition.security ?? at(document, '/security') ?? []) as Record<string, unknown>[];
    return security.map((requirement) =>
      Object.keys(requirement).map((scheme) => {
        const found = this.#resolve(root, child('/components/securitySchemes', scheme))
          .value as unknown as OpenAPIV3_1.SecuritySchemeObject;
        if (found.type === 'apiKey') return found.in === 'header' ? found.name.toLowerCase() : 'cookie';
        return 'authorization';
      }),
    );
  }

  /** The statuses (`200`, `4XX`, …) and, for each, the media types that an operation names. */
  answers(operation: Operation): Answer[] {
    const found = this.#answers.get(operation) ?? this.#readAnswers(operation);
    this.#answers.set(operation, found);
    return found;
  }

  #readAnswers(operation: Operation): Answer[] {
    return Object.keys(operation.definition.responses ?? {}).map((status) => {
      const place = this.#resolve(operation.place.file, child(child(operation.place.pointer, 'responses'), status));
      return { status, media: Object.keys((at(place.value, '/content') ?? {}) as JsonObject), place };
    });
  }

  /** The answer that the contract has for a status: the exact one, its class, or `default`. */
  answer(operation: Operation, status: number): Answer | undefined {
    const all = this.answers(operation);
    return [String(status), `${Math.floor(status / 100)}XX`, 'default']
      .map((key) => all.find((one) => one.status === key))
      .find(Boolean);
  }

  /** File and pointer of the schema of an answer, or undefined where the contract gives none. */
  answerSchema(operation: Operation, status: number, media: string): { file: string; pointer: string } | undefined {
    const answer = this.answer(operation, status);
    const key = answer?.media.find((one) => one.toLowerCase() === media);
    if (!answer || key === undefined) return undefined;
    const pointer = `${child(child(answer.place.pointer, 'content'), key)}/schema`;
    return at(this.#files.get(answer.place.file)?.value, pointer) === undefined
      ? undefined
      : { file: answer.place.file, pointer };
  }

  /** File and pointer of the schema of a request body of that media type, and whether a body is required. */
  requestSchema(
    operation: Operation,
    media = 'application/json',
  ): { file: string; pointer: string; required: boolean } | undefined {
    if (!operation.definition.requestBody) return undefined;
    const body = this.#resolve(operation.place.file, `${operation.place.pointer}/requestBody`);
    const pointer = `${child(`${body.pointer}/content`, media)}/schema`;
    if (at(this.#files.get(body.file)?.value, pointer) === undefined) return undefined;
    return { file: body.file, pointer, required: at(body.value, '/required') === true };
  }

  /** The schema object at a place, its `$ref` followed. */
  schemaAt(file: string, pointer: string): Place {
    return this.#resolve(file, pointer);
  }

  /** A schema as it is written, and every schema that it takes in by `$ref`. */
  layers(file: string, pointer: string): Place[] {
    const value = at(this.#files.get(file)?.value, pointer);
    if (value === undefined) throw new SuiteError(`there is nothing at '#${pointer}'`, file);
    const ref = isObject(value) ? value['$ref'] : undefined;
    const here = { file, pointer, value };
    if (typeof ref !== 'string') return [here];
    const [target = '', fragment = ''] = ref.split('#');
    const other = target === '' ? file : path.resolve(path.dirname(file), target);
    return [here, ...this.layers(other, decodeURIComponent(fragment))];
  }

  /** What is wrong with a value under the schema at a place. */
  validate(schema: { file: string; pointer: string }, value: Json): ContractError[] {
    return this.#schemas.validate(schema, value).map((error) => this.#told(error));
  }

  /** The pointers of members that the schema does not name. */
  unnamed(schema: { file: string; pointer: string }, value: Json): string[] {
    return this.#schemas.unnamed(schema, value);
  }

  /**
   * The values that the contract builds from the request's path and from other members (`x-templates`): what it prints, and
   * between that the values, which in a URL are percent-encoded (RFC 3986, 2.1). One of which a part is missing is left out.
   */
  implied(
    schema: { file: string; pointer: string },
    value: Json,
    parameters: Record<string, string>,
  ): { pointer: string; pieces: (PrintedText | Live<string>)[]; basis: Basis }[] {
    return this.#schemas.templates(schema, value).flatMap(({ base, pointer, template, basis }) => {
      const whole = /^\{[^}]*\}$/.test(template);
      let complete = at(value, pointer) !== undefined;
      const pieces = template.split(/(\{[^}]*\})/).map((piece): PrintedText | Live<string> => {
        const name = /^\{(.*)\}$/.exec(piece)?.[1];
        if (name === undefined) return printedText(piece);
        const part = name.startsWith('/') ? at(value, base + name) : parameters[name];
        if (typeof part === 'string') return new Live(whole ? part : encoded(part));
        complete = false;
        return new Live('');
      });
      return complete ? [{ pointer, pieces, basis: basis ?? 'standard' }] : [];
    });
  }

  /** The path parameters of a request, decoded; what the server's own prefix adds before the template is passed over. */
  parameters(operation: Operation, path: string): Record<string, string> {
    const { names, pattern } = this.#routes.get(operation) ?? routeOf(operation);
    this.#routes.set(operation, { names, pattern });
    const found = pattern.exec(path.replace(/\?.*$/s, ''))?.slice(1) ?? [];
    return Object.fromEntries(found.map((part, index) => [names[index] ?? '', decoded(part)]));
  }

  #told(error: ErrorObject): ContractError {
    const marked = (error.parentSchema as { 'x-basis'?: Basis } | undefined)?.['x-basis'];
    return {
      pointer: error.instancePath,
      expected: error.keyword === 'false schema' ? 'absent' : explain(error),
      basis: marked ?? 'documented',
      marked,
    };
  }
}

/** The names of the path parameters of an operation, and a pattern that reads their values at the end of a path. */
interface Route {
  names: string[];
  pattern: RegExp;
}

function routeOf(operation: Operation): Route {
  const template = operation.path.replace(/\?.*$/s, '');
  const names = [...template.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name);
  const pattern = template
    .split(/\{[^}]*\}/)
    .map(exactly)
    .join('([^/]*)');
  return { names, pattern: new RegExp(`${pattern}$`) };
}

const contracts = new Map<string, Contract>();

/** The contract of a version of a product, loaded once. */
export function contractOf(product: string, version: string): Contract {
  const file = `contracts/${product}/${version}.yaml`;
  const contract = contracts.get(file) ?? new Contract(file);
  contracts.set(file, contract);
  return contract;
}
