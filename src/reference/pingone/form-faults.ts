import type { Answer } from '../http.ts';
import type { World } from './world.ts';

/** What can be wrong with how an answer is written, whatever it says. */
export const FORM_FAULTS = {
  'media-type-with-a-bare-charset': 'Names charset beside the media type of JSON without saying which.',
  'media-type-with-two-charsets': 'Names two charsets beside the media type of JSON.',
  'media-type-twice': 'Sends two Content-Types, the first of which is right.',
  'times-without-a-colon': 'Writes the offset of times without a colon.',
  'times-with-hours-alone': 'Writes the offset of times in hours alone.',
  'times-without-an-offset': 'Writes times without an offset.',
  'times-with-a-blank': 'Writes a blank between date and time.',
  'links-with-a-blank': 'Writes a blank into the links between resources.',
} as const;

/** How a time ends in place of Z. */
const ENDS = {
  'times-without-a-colon': '+0000',
  'times-with-hours-alone': '+00',
  'times-without-an-offset': '',
} as const;

/** An answer as it is written, which is as it is, but for mistakes. */
export function written(answer: Answer, { fault }: World): Answer {
  if (answer.body === undefined || Buffer.isBuffer(answer.body)) return answer;
  const type = answer.headers?.['Content-Type'] ?? 'application/json';
  const headers = { ...answer.headers };
  if (fault('media-type-with-a-bare-charset')) headers['Content-Type'] = `${String(type)}; charset`;
  if (fault('media-type-with-two-charsets'))
    headers['Content-Type'] = `${String(type)};charset=utf-8;charset=utf-16; ;x`;
  if (fault('media-type-twice')) headers['Content-Type'] = [type, 'text/html'].flat();
  const before = JSON.stringify(answer.body);
  const after = otherwise(before, fault);
  return { ...answer, headers, ...(after === before ? {} : { body: JSON.parse(after) as unknown }) };
}

function otherwise(json: string, fault: World['fault']): string {
  const time = /"(\d{4}-\d\d-\d\d)T([\d:.]+)Z"/g;
  if (fault('times-with-a-blank')) return json.replace(time, '"$1 $2Z"');
  if (fault('links-with-a-blank')) return json.replace(/("href":"[^"]+)"/g, '$1 "');
  const end = Object.entries(ENDS).find(([name]) => fault(name as keyof typeof ENDS))?.[1];
  return end === undefined ? json : json.replace(time, `"$1T$2${end}"`);
}
