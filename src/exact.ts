import type { Json } from './json.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * A text of JSON as a value to be compared, in which no number loses a digit: each stands there as text, written in one
 * way (`1.0` and `1` are the same number, `9007199254740993` and `9007199254740992` are not).
 * @throws SyntaxError when it is no JSON
 */
export function exact(text: string): Json {
  JSON.parse(text);
  return JSON.parse(
    text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"\\u0000${canonical(token)}"`)),
  ) as Json;
}

/** A number as its digits without zeros at either end, and the power of ten that they are multiplied by. */
function canonical(number: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${BigInt(power) - BigInt(fraction.length) + BigInt(digits.length - kept.length)}`;
}
