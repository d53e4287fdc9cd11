import { isIPv6 } from 'node:net';

type Five = [number, number, number, number, number];

/** Hour, minute, second, and an offset's sign, hours and minutes. */
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i;

const DAY = 24 * 60;

/** A `full-date` of RFC 3339, 5.6, with as many days as its month has (5.7). */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

/** A `full-time` of RFC 3339, 5.6. A second 60 is a leap second, which comes at the end of a day in UTC alone (5.7). */
function isTime(text: string): boolean {
  const found = TIME.exec(text);
  if (!found) return false;
  const [hour, minute, second, hours, minutes] = [1, 2, 3, 5, 6].map((group) => Number(found[group] ?? 0)) as Five;
  if (hour > 23 || minute > 59 || hours > 23 || minutes > 59) return false;
  const offset = (found[4] === '-' ? -1 : 1) * (hours * 60 + minutes);
  const utc = (hour * 60 + minute - offset + 2 * DAY) % DAY;
  return second <= 59 || (second === 60 && utc === DAY - 1);
}

/** A `date-time` of RFC 3339, 5.6: date and time with a T between them. */
function isDateTime(text: string): boolean {
  return /^t$/i.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

// RFC 3986, appendix A.
const UNRESERVED = 'a-z0-9\\-._~';
const SUB_DELIMS = "!$&'()*+,;=";
const of = (more: string): string => `(?:[${UNRESERVED}${SUB_DELIMS}${more}]|%[0-9a-f]{2})`;
const SCHEME = /^[a-z][a-z0-9+\-.]*:/i;
const QUERY = new RegExp(`^${of(':@/?')}*$`, 'i');
const PATH = new RegExp(`^${of(':@/')}*$`, 'i');
const USER = new RegExp(`^${of(':')}*@`, 'i');
const NAME = new RegExp(`^${of('')}*$`, 'i');
const FUTURE = new RegExp(`^v[0-9a-f]+\\.[${UNRESERVED}${SUB_DELIMS}:]+$`, 'i');

/** A `URI` of RFC 3986, 3: it begins with a scheme. */
function isUri(text: string): boolean {
  return SCHEME.test(text) && isUriReference(text);
}

/** A `URI-reference` of RFC 3986, 4.1: an absolute or a relative one. */
function isUriReference(text: string): boolean {
  const [, before = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text) ?? [];
  const scheme = SCHEME.exec(before)?.[0] ?? '';
  const [, authority, path = ''] = /^(?:\/\/([^/]*))?(.*)$/s.exec(before.slice(scheme.length)) ?? [];
  // 4.2: a first segment with a colon would be taken for a scheme.
  const unclear = scheme === '' && authority === undefined && /^[^/]*:/.test(path);
  const isWhole = PATH.test(path) && QUERY.test(query) && QUERY.test(fragment);
  return isWhole && !unclear && (authority === undefined || isAuthority(authority));
}

/** The `authority` of RFC 3986, 3.2: a user, a host and a port, of which only the host is always there, and may be empty. */
function isAuthority(text: string): boolean {
  const host = text.replace(USER, '').replace(/:\d*$/, '');
  const [, literal] = /^\[(.*)\]$/s.exec(host) ?? [];
  if (literal === undefined) return NAME.test(host);
  return FUTURE.test(literal) || (isIPv6(literal) && !literal.includes('%'));
}

/** Formats that Ajv's own read more loosely than the standards that JSON Schema names for them (Validation, 7.3). */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: isTime,
  'date-time': isDateTime,
  uri: isUri,
  'uri-reference': isUriReference,
};
