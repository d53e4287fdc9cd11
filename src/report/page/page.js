'use strict';
// Shows what was sent and answered when a statement is opened, filters statements, and opens what a link leads to.
const stories = new Map();
let packed;

/** What there is to show of a story, statement by statement. */
function statementsOf(story) {
  packed ??= JSON.parse(document.getElementById('evidence').textContent);
  if (!stories.has(story)) {
    const bytes = Uint8Array.from(atob(packed[story]), (one) => one.charCodeAt(0));
    const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    stories.set(story, new Response(text).json());
  }
  return stories.get(story);
}

/** An element with text or other elements in it; what a server sent is only ever text. */
function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

const word = (text) => element('b', { class: text.replaceAll(' ', '-') }, text);
const code = (text) => element('code', {}, text);

function block(label, first, { headers, json, text }) {
  const body = json === undefined ? text : JSON.stringify(json, null, 2);
  const lines = [first, ...headers, ...(body === undefined ? [] : ['', body])];
  return element('pre', { tabindex: '0', role: 'group', 'aria-label': label }, lines.join('\n'));
}

function exchange({ request, answer, problem }) {
  const came = answer ?? { headers: [], text: problem };
  const again = (answer?.repeated ?? []).map((why) => `, sent again: ${why}`).join('');
  const first = answer ? `${answer.status} (${answer.ms} ms${again})` : 'no answer';
  const sent = block('Request', `${request.method} ${request.url}`, request);
  return element('div', { class: 'exchange' }, sent, block('Answer', first, came));
}

function finding({ grade, where, expected, came }) {
  const parts = [': expected ', code(expected), ', came ', code(came)];
  return element('li', {}, word(grade), ' ', code(where === '' ? '(the whole body)' : where), ...parts);
}

async function telling(place) {
  const [story, index] = place.split('.');
  const { id, version, outcome, reason, place: line, findings, exchanges } = (await statementsOf(story))[index];
  const why = reason === undefined ? '' : `: ${reason}`;
  const head = element('p', {}, word(outcome), ' ', code(id), ` ${version} `, element('small', {}, line), why);
  const found = findings.length === 0 ? [] : [element('ul', {}, ...findings.map(finding))];
  return element('div', { class: 'told' }, head, ...found, ...exchanges.map(exchange));
}

async function turn(button) {
  const open = button.getAttribute('aria-expanded') === 'false';
  button.setAttribute('aria-expanded', String(open));
  const shown = open ? await Promise.all(button.dataset.e.split(' ').map(telling)) : [];
  for (const old of button.parentElement.querySelectorAll('.told')) old.remove();
  button.parentElement.append(...shown);
}

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

document.addEventListener('click', ({ target }) => {
  if (target.matches('[data-e]')) void turn(target);
});

/** Opens the row that a link leads to. */
function reveal() {
  const found = /^#[\d.]+$/.test(location.hash) && document.querySelector(`[data-e~="${location.hash.slice(1)}"]`);
  if (!found) return;
  found.closest('details').open = true;
  found.focus();
  if (found.getAttribute('aria-expanded') === 'false') void turn(found);
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
    for (const row of page.querySelectorAll('[data-o]')) {
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
