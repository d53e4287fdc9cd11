/** The parts of an Arazzo 1.0.1 document that an export uses (https://spec.openapis.org/arazzo/v1.0.1.html). */
export interface Arazzo {
  arazzo: '1.0.1';
  info: { title: string; version: string; description: string };
  sourceDescriptions: { name: string; type: 'openapi'; url: string }[];
  workflows: Workflow[];
}

export interface Workflow {
  workflowId: string;
  summary: string;
  description: string;
  inputs: { type: 'object'; properties: Record<string, Input> };
  steps: WorkflowStep[];
}

export interface Input {
  type: 'string';
  description: string;
  format?: 'password';
}

export interface WorkflowStep {
  stepId: string;
  description: string;
  operationId: string;
  parameters: { name: string; in: 'path' | 'query' | 'header'; value: string }[];
  requestBody?: { contentType: string; payload: unknown };
  successCriteria: Criterion[];
  outputs?: Record<string, string>;
}

export interface Criterion {
  condition: string;
  context?: string;
  type?: 'regex';
}

/** Something that a sequence says and its export does not. */
export interface Loss {
  /** `step`, and everything that it would have shown, or the part of a step. */
  what: string;
  step: string;
  because: string;
}
