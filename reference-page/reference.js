// @ts-check
import { showCredential } from './credential.js';
import { loadDescription, tasksOf } from './description.js';
import { byId, element, prose } from './elements.js';
import { showOperation } from './operation.js';

/**
 * @typedef {import('./description.js').Description} Description
 * @typedef {import('./description.js').Task} Task
 */

const NARROW = matchMedia('(width < 60rem)');

async function show() {
  const description = await loadDescription();
  const tasks = tasksOf(description);
  byId('version').textContent = description.info.version;
  const draw = () => byId('tasks').replaceChildren(...tasks.map((task) => section(description, task)));
  draw();
  byId('contents').append(...tasks.map(contents));
  showCredential(byId('credential'), redrawing(draw));
  byId('search').addEventListener('input', filter);
  addEventListener('hashchange', openNamed);
  const list = /** @type {HTMLDetailsElement} */ (document.querySelector('.contents'));
  const fold = () => (list.open = !NARROW.matches);
  NARROW.addEventListener('change', fold);
  list.addEventListener('click', (event) => {
    if (NARROW.matches && event.target instanceof HTMLAnchorElement) list.open = false;
  });
  fold();
  openNamed();
}

/**
 * Renders the operations again for another credential, and reopens those that were open.
 * @param {() => void} draw
 */
const redrawing = (draw) => () => {
  const open = [...document.querySelectorAll('details.operation[open]')].map(({ id }) => id);
  draw();
  for (const id of open) byId(id).setAttribute('open', '');
  filter();
};

/** @param {Task} task */
const anchor = ({ title }) => title.toLowerCase().replace(/\W+/g, '-');

/**
 * @param {Description} description
 * @param {Task} task
 */
const section = (description, task) =>
  element(
    'section',
    { id: anchor(task), class: 'task' },
    element('h2', {}, task.title),
    element('p', {}, ...prose(task.intro)),
    ...task.operations.map((operation) => searchable(showOperation(description, operation), operation)),
  );

/**
 * @param {HTMLElement} shown
 * @param {import('./description.js').Operation} operation
 */
function searchable(shown, operation) {
  const { method, path, summary, description: says, 'x-permission': permission, operationId } = operation;
  shown.dataset['words'] = [method, path, summary, says, permission, operationId].join(' ').toLowerCase();
  return shown;
}

/** @param {Task} task */
const contents = (task) =>
  element(
    'div',
    {},
    element('a', { href: `#${anchor(task)}`, class: 'task-link' }, task.title),
    ...task.operations.map(({ id, summary = id }) => element('a', { href: `#${id}` }, summary)),
  );

/** Shows the operations that contain every word of the search, in any order. */
function filter() {
  const search = byId('search');
  const text = search instanceof HTMLInputElement ? search.value : '';
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (/** @type {HTMLElement} */ shown) =>
    words.every((word) => shown.dataset['words']?.includes(word));
  for (const task of allOf(document, '.task')) {
    const operations = allOf(task, '.operation');
    for (const shown of operations) shown.hidden = !fits(shown);
    task.hidden = operations.every((shown) => shown.hidden);
  }
  byId('nothing').hidden = allOf(document, '.task').some((task) => !task.hidden);
}

/**
 * @param {ParentNode} place
 * @param {string} selector
 */
const allOf = (place, selector) =>
  [...place.querySelectorAll(selector)].filter((found) => found instanceof HTMLElement);

/** Opens the operation that the fragment of the URL names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(named instanceof HTMLElement)) return;
  if (named instanceof HTMLDetailsElement) named.open = true;
  named.scrollIntoView();
}

show().catch((error) => {
  byId('tasks').textContent = error instanceof Error ? error.message : String(error);
});
