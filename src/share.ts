import { failures } from './assertion.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Schema } from './printed.ts';

/** Which properties count, and what of them cannot be told. */
export interface Counting {
  /** Each is one reading of which properties count, by their schemas. */
  counted: Schema[];
  /** Properties whose values are not shown: without one, they may have one all the same. */
  hidden?: Schema;
  /** Properties of which nobody says how much they count for. */
  unweighed?: Schema;
}

/** The least and the most that a share may be; without `exact`, neither none nor all where it is between them. */
export interface Bounds {
  least: number;
  most: number;
  exact: boolean;
}

/** A property of one of these counts for one; of any other nobody says whether its parts count. */
const WEIGHED = ['string', 'number', 'integer', 'boolean', 'array', 'null'];

/** The bounds, from 0 to 1, of the share of an object's properties that have a value; undefined where none counts. */
export function shareOf(properties: JsonObject, values: JsonObject, counting: Counting): Bounds | undefined {
  const readings = counting.counted.flatMap((counted) => boundsOf(properties, values, counted, counting) ?? []);
  if (readings.length === 0) return undefined;
  return {
    least: Math.min(...readings.map(({ least }) => least)),
    most: Math.max(...readings.map(({ most }) => most)),
    exact: readings.every(({ exact }) => exact),
  };
}

function boundsOf(
  properties: JsonObject,
  values: JsonObject,
  counted: Schema,
  { hidden = false, unweighed = false }: Counting,
): Bounds | undefined {
  const fulfils = (schema: Schema, value: Json): boolean => failures(schema, value).length === 0;
  const counting = Object.entries(properties).filter(([, schema]) => fulfils(counted, schema));
  const weighed = counting.filter(([, schema]) => isWeighed(schema) && !fulfils(unweighed, schema));
  if (weighed.length === 0) return undefined;
  const filled = weighed.map(([name, schema]) => filling(values[name] ?? null, fulfils(hidden, schema)));
  const least = filled.filter((one) => one === true).length / weighed.length;
  const most = filled.filter((one) => one !== false).length / weighed.length;
  if (weighed.length === counting.length) return { least, most, exact: true };
  return { least: least > 0 ? Number.MIN_VALUE : 0, most: most < 1 ? 1 - Number.EPSILON : 1, exact: false };
}

function isWeighed(schema: Json): boolean {
  if (!isObject(schema)) return false;
  const items = schema['items'];
  return [schema['type'], ...(isObject(items) ? [items['type']] : [])]
    .flat()
    .every((type) => typeof type === 'string' && WEIGHED.includes(type));
}

/** Whether a property has a value; undefined where that is open: what is empty, and what is not shown. */
function filling(value: Json, isHidden: boolean): boolean | undefined {
  if (value === null) return isHidden ? undefined : false;
  const empty = value === '' || value === false || (typeof value === 'object' && Object.keys(value).length === 0);
  return empty ? undefined : true;
}

/** What is wrong with a number that tells a share. @param within how far it may be off, in its own unit */
export function offShare(value: Json | undefined, bounds: Bounds, whole: number, within: number): string | undefined {
  if (typeof value !== 'number') return undefined;
  const { least, most, exact } = bounds;
  if (!exact) {
    if (least > 0 && value <= 0) return 'more than none';
    return most < 1 && value >= whole ? 'less than all' : undefined;
  }
  const [low, high] = [least * whole, most * whole];
  if (value >= low - within && value <= high + within) return undefined;
  const shown = [low, high].map((one) => String(Math.round(one * 1000) / 1000));
  return shown[0] === shown[1] ? String(shown[0]) : `from ${shown.join(' to ')}`;
}
