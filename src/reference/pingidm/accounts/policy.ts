import { Refusal } from '../refusal.ts';

/** What a value breaks, in the form in which policies tell it. Source: the vendor's clients. */
export interface Broken {
  property: string;
  policyRequirements: { policyRequirement: string; params?: Record<string, unknown> }[];
}

/** What a password breaks: eight characters, a capital and a digit, and nobody's name. Chosen: the policy itself. */
export function passwordPolicy(password: string, userName: unknown): Broken[] {
  const broken: Broken['policyRequirements'] = [];
  if (password.length < 8) broken.push({ policyRequirement: 'MIN_LENGTH', params: { minLength: 8 } });
  if (!/[A-Z]/.test(password)) broken.push({ policyRequirement: 'AT_LEAST_X_CAPITAL_LETTERS', params: { numCaps: 1 } });
  if (!/[0-9]/.test(password)) broken.push({ policyRequirement: 'AT_LEAST_X_NUMBERS', params: { numNums: 1 } });
  if (typeof userName === 'string' && userName !== '' && password.includes(userName))
    broken.push({ policyRequirement: 'CANNOT_CONTAIN_OTHERS', params: { disallowedFields: 'userName' } });
  return broken.length > 0 ? [{ property: 'password', policyRequirements: broken }] : [];
}

/** The member of requirements that says why they come again. */
export function because(failedPolicyRequirements: Broken[]): { error: Record<string, unknown> } {
  return { error: { message: 'Policy validation failed', detail: { result: false, failedPolicyRequirements } } };
}

/** A text that a form asks for. @throws Refusal 400 with the message for anything else */
export function textOr400(value: unknown, message: string): string {
  if (typeof value !== 'string' || value === '') throw new Refusal(400, message);
  return value;
}
