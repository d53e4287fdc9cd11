import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { once } from '../../yaml.ts';
import { Html, markup } from './html.ts';

const beside = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const style = once(() => beside('page.css'));
const script = once(() => beside('page.js'));
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * A whole page in one file: it loads nothing, and runs no script and takes no style but its own (Content Security Policy).
 * @param evidence of each story, packed; of a page without evidence none
 */
export function pageOf(title: string, main: Html, evidence: string[] = []): string {
  const policy = `default-src 'none'; style-src ${hashOf(style())}; script-src ${hashOf(script())}; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(style())}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<main id="main" tabindex="-1">
${main}
</main>
<script type="application/json" id="evidence">${new Html(JSON.stringify(evidence))}</script>
<script>${new Html(script())}</script>
</body>
</html>
`.text;
}

/** A table with a caption; it scrolls sideways by itself, also by keyboard. Each row begins with its heading. */
export function table(caption: string, head: (string | Html)[], rows: (string | number | Html)[][]): Html {
  return markup`<div class="scrolls" tabindex="0" role="group" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...rest]) =>
    markup`<tr><th scope="row">${first}</th>${rest.map((cell) => markup`<td${typeof cell === 'number' ? markup` class="n"` : ''}>${cell}</td>`)}</tr>
`,
)}</tbody>
</table></div>
`;
}

/** A part of a page with a heading; its name is where links lead to. */
export function section(name: string, title: string, ...content: (Html | Html[])[]): Html {
  return markup`<section aria-labelledby="${name}">
<h2 id="${name}">${title}</h2>
${content}</section>
`;
}
