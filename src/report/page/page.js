'use strict';
// Shows what was sent and answered when a statement is opened, filters statements, and opens what a link leads to.
const stories = new Map();
let packed;

/** The exchanges of a story, statement by statement. */
function exchangesOf(story) {
  packed ??= JSON.parse(document.getElementById('evidence').textContent);
  if (!stories.has(story)) {
    const bytes = Uint8Array.from(atob(packed[story]), (one) => one.charCodeAt(0));
    const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    stories.set(story, new Response(text).json());
  }
  return stories.get(story);
}

function block(label, first, message) {
  const pre = document.createElement('pre');
  const body = message.json === undefined ? message.text : JSON.stringify(message.json, null, 2);
  pre.textContent = [first, ...message.headers, ...(body === undefined ? [] : ['', body])].join('\n');
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', label);
  return pre;
}

async function show(place) {
  const [story, statement] = place.dataset.e.split(' ');
  delete place.dataset.e;
  for (const { request, answer, problem } of (await exchangesOf(story))[statement]) {
    const exchange = document.createElement('div');
    exchange.className = 'exchange';
    const came = answer ?? { headers: [], text: problem };
    const first = answer ? `${answer.status} (${answer.ms} ms)` : 'no answer';
    exchange.append(block('Request', `${request.method} ${request.url}`, request), block('Answer', first, came));
    place.append(exchange);
  }
}

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target.open && target.matches('.row')) for (const place of target.querySelectorAll('[data-e]')) void show(place);
  },
  true,
);

function reveal() {
  const found = document.getElementById(location.hash.slice(1));
  for (let one = found?.parentElement; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true;
  found?.scrollIntoView();
}
addEventListener('hashchange', reveal);
reveal();

const wanted = document.getElementById('filter');
function filter() {
  const text = document.getElementById('text').value.toLowerCase();
  const outcome = document.getElementById('outcome').value;
  let count = 0;
  each('details.page', (page) => {
    let some = false;
    for (const row of page.querySelectorAll('.row')) {
      row.hidden = (outcome !== '' && row.dataset.o !== outcome) || !row.textContent.toLowerCase().includes(text);
      if (!row.hidden) count++;
      some ||= !row.hidden;
    }
    page.hidden = !some;
    page.open = some && text + outcome !== '';
  });
  document.getElementById('shown').value = text + outcome === '' ? '' : `${count} shown`;
}
wanted?.addEventListener('input', filter);
wanted?.addEventListener('submit', (event) => event.preventDefault());

// On paper every page's statements are there; what was sent only where it was opened.
const opened = new Set();
addEventListener('beforeprint', () => {
  each('details.page:not([open])', (page) => {
    opened.add(page);
    page.open = true;
  });
});
addEventListener('afterprint', () => {
  for (const page of opened) page.open = false;
  opened.clear();
});
