import { evaluate } from './expression.ts';
import { isEnd } from './form-input.ts';
import { at, brief, type Json } from './json.ts';
import type { Forms } from './sequence.ts';
import type { GradedFinding, Telling } from './telling.ts';

/**
 * Holds two forms that follow one another to the order in which the stages of a process are configured, where that could be
 * read: every stage that asks has its turn, and none comes before it.
 * @param before the form that was submitted
 * @param body the form, or the end, that has come
 */
export function outOfOrder(telling: Telling, forms: Forms, before: Json | undefined, body: Json): GradedFinding[] {
  const names = stagesOf(telling, forms);
  const { order } = forms;
  if (names === undefined || order === undefined || before === undefined) return [];
  const [pointer = ''] = forms.stage;
  const places = (one: Json): number[] => names.flatMap((name, index) => (name === at(one, pointer) ? [index] : []));
  const to = isEnd(forms, body) ? [names.length] : places(body);
  const from = places(before);
  const typeOf = (one: Json): string => brief(at(one, pointer));
  // Stages that ask in one form do not ask again in their own place.
  const isMerged = [...telling.recorded.values()].some(({ response }) => at(response.body, pointer) === order.merged);
  if (order.merged !== undefined && isMerged) return [];
  // A stage that is given otherwise than by a name may call itself anything.
  if ((to.length === 0 || from.length === 0) && names.includes('')) return [];
  const passed = (low: number, high: number): string[] =>
    names.slice(low + 1, high).filter((name) => order.asking.includes(name));
  const fits = from.some((low) => to.some((high) => high >= low && passed(low, high).length === 0));
  if (fits) return [];
  return [
    telling.graded({
      kind: 'state',
      where: pointer,
      expected: `the next of the configured stages: ${names.join(', ')}`,
      came: `${isEnd(forms, body) ? 'the end' : typeOf(body)} after ${typeOf(before)}`,
      basis: 'documented',
      page: order.page,
    }),
  ];
}

/** The names of the configured stages; of one that has none, an empty text. */
export function stagesOf(telling: Telling, forms: Forms): string[] | undefined {
  const list = forms.order?.list === undefined ? undefined : evaluate(forms.order.list, telling.recorded);
  if (!Array.isArray(list)) return undefined;
  return list.map((stage) => {
    const name = at(stage, forms.order?.name ?? '');
    return typeof name === 'string' ? name : '';
  });
}
