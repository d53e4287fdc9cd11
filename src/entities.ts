/** Named character references of HTML that stand for ASCII and Latin-1 (WHATWG HTML, 13.5), by code point. */
const ASCII: Record<string, number> = {
  ...{ Tab: 9, NewLine: 10, excl: 33, quot: 34, QUOT: 34, num: 35, dollar: 36, percnt: 37, amp: 38, AMP: 38, apos: 39 },
  ...{ lpar: 40, rpar: 41, ast: 42, midast: 42, plus: 43, comma: 44, period: 46, sol: 47, colon: 58, semi: 59 },
  ...{ lt: 60, LT: 60, equals: 61, gt: 62, GT: 62, quest: 63, commat: 64, lsqb: 91, lbrack: 91, bsol: 92 },
  ...{ rsqb: 93, rbrack: 93, Hat: 94, lowbar: 95, UnderBar: 95, grave: 96, DiacriticalGrave: 96 },
  ...{ lcub: 123, lbrace: 123, verbar: 124, vert: 124, VerticalLine: 124, rcub: 125, rbrace: 125, euro: 0x20ac },
};

/** Those of Latin-1, in the order of their code points from 160 on. */
const LATIN1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest ' +
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const latin1 = LATIN1.split(' ').map((name, index): [string, number] => [name, 160 + index]);
const NAMES = new Map([...Object.entries(ASCII), ...latin1]);

/** Names that browsers also take without the semicolon. */
const BARE = new Set(['quot', 'QUOT', 'amp', 'AMP', 'lt', 'LT', 'gt', 'GT', ...latin1.map(([name]) => name)]);

/** What browsers make of numeric references to the C1 range: windows-1252. */
const C1 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** The character of a numeric reference; undefined where there is none. */
export function numbered(code: number): string | undefined {
  if (code >= 0x80 && code < 0xa0) return C1[code - 0x80];
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/**
 * The character of a named reference, and how much of the text after `&` it is: with a semicolon any name, without one
 * the longest that browsers know bare.
 */
export function named(text: string, semicolon: boolean): { character: string; length: number } | undefined {
  const whole = semicolon ? NAMES.get(text) : undefined;
  if (whole !== undefined) return { character: String.fromCodePoint(whole), length: text.length + 1 };
  for (let length = Math.min(text.length, 6); length > 1; length--) {
    const name = text.slice(0, length);
    if (BARE.has(name)) return { character: String.fromCodePoint(NAMES.get(name) ?? 0), length };
  }
  return undefined;
}
