import { Ajv2020 } from 'ajv/dist/2020.js';

/** An object with these members, all required but those with a question mark, and no others. */
function object(members: Record<string, object>): object {
  const names = Object.keys(members);
  return {
    type: 'object',
    additionalProperties: false,
    required: names.filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), members[name]])),
  };
}

const list = (items: object): object => ({ type: 'array', items });
const [text, count, line] = [{ type: 'string' }, { type: 'integer', minimum: 0 }, { type: 'integer', minimum: 1 }];
const message = object({ text: { type: 'string', minLength: 1 } });
const place = object({
  artifactLocation: object({ uri: { type: 'string', pattern: '^[^ \\\\]+$' } }),
  region: object({ startLine: line }),
});

/** What of each format is used here, as its specification has it: SARIF 2.1.0 (OASIS), and CTRF. */
const FORMS: Record<string, object> = {
  sarif: object({
    $schema: text,
    version: { const: '2.1.0' },
    runs: list(
      object({
        tool: object({
          driver: object({ name: text, version: text, rules: list(object({ id: text, shortDescription: message })) }),
        }),
        results: list(
          object({
            ruleId: text,
            level: { enum: ['none', 'note', 'warning', 'error'] },
            message,
            locations: list(object({ physicalLocation: place })),
            'relatedLocations?': list(object({ physicalLocation: place, message })),
            partialFingerprints: { type: 'object', additionalProperties: text },
            'suppressions?': list(object({ kind: { enum: ['inSource', 'external'] }, justification: text })),
            properties: { type: 'object' },
          }),
        ),
        properties: { type: 'object' },
      }),
    ),
  }),
  ctrf: object({
    reportFormat: { const: 'CTRF' },
    specVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
    results: object({
      tool: object({ name: text, version: text }),
      summary: object(
        Object.fromEntries(
          ['tests', 'passed', 'failed', 'pending', 'skipped', 'other', 'suites', 'start', 'stop'].map((name) => [
            name,
            count,
          ]),
        ),
      ),
      tests: list(
        object({
          name: { type: 'string', minLength: 1 },
          status: { enum: ['passed', 'failed', 'skipped', 'pending', 'other'] },
          duration: count,
          suite: { type: 'array', minItems: 1, items: text },
          'message?': text,
          'trace?': text,
          tags: list(text),
          filePath: text,
          line: count,
        }),
      ),
      environment: object({ appName: text, extra: { type: 'object' } }),
    }),
  }),
};

/** What is wrong with the form of a document. */
export function formsOf(format: 'sarif' | 'ctrf', document: unknown): string[] {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  ajv.validate(FORMS[format] ?? {}, document);
  return (ajv.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
