import { Refusal } from './refusal.ts';
import { settingOf } from './settings.ts';
import type { Handler } from './world.ts';

/**
 * The configured security questions, and how many are to be answered.
 * Source: self-service-reference, selfservice-questions
 */
export const kba: Handler = (world, { operation }) => {
  if (operation !== 'read') throw new Refusal(501, 'Not Implemented');
  const { questions, ...rest } = settingOf(world, 'selfservice.kba');
  return { status: 200, body: { _id: 'kba', ...rest, ...(world.fault('questions-missing') ? {} : { questions }) } };
};
