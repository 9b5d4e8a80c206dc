// @ts-check
import { nameOf, resolved, typeText, whoMay } from './description.js';
import { element, prose } from './elements.js';
import { curlOf, neededBy } from './example.js';
import { basePath, isSignedIn } from './session.js';
import { tryIt } from './try-it.js';

/**
 * @typedef {import('./description.js').Operation} Operation
 * @typedef {import('./description.js').Description} Description
 * @typedef {import('./description.js').Schema} Schema
 */

/**
 * One operation: a summary line that opens to its details.
 * @param {Description} description
 * @param {Operation} operation
 */
export function showOperation(description, operation) {
  const { id, method, path, summary = path, deprecated = false } = operation;
  const line = element(
    'summary',
    {},
    element('span', { class: `method ${method.toLowerCase()}` }, method),
    element('span', { class: 'title' }, summary, deprecated && element('small', {}, ' older')),
    element('code', { class: 'path' }, path),
  );
  const opened = element('div', { class: 'opened' });
  const whole = element('details', { class: 'operation', id }, line, opened);
  whole.addEventListener('toggle', () => {
    if (whole.open && opened.childElementCount === 0) opened.append(...insides(description, operation));
  });
  return whole;
}

/**
 * @param {Description} description
 * @param {Operation} operation
 */
function insides(description, operation) {
  const says = operation.description;
  const left = element(
    'div',
    { class: 'about' },
    says ? element('p', {}, ...prose(says)) : null,
    element('p', { class: 'who' }, ...prose(whoMay(operation))),
    ...parametersOf(description, operation),
    ...bodyOf(description, operation),
    ...responsesOf(description, operation),
  );
  return [
    left,
    element('div', { class: 'doing' }, example(description, operation), trial(description, operation)),
  ];
}

/**
 * @param {Description} description
 * @param {Operation} operation
 */
function parametersOf(description, { parameters = [] }) {
  if (parameters.length === 0) return [];
  const rows = parameters.map(({ name, schema, required, in: where, 'x-found-in': list }) =>
    row(name, typeText(description, schema), required === true, [
      where === 'path' ? 'in the path' : fallback(schema),
      list ? `from GET ${list}` : '',
    ]),
  );
  return [element('h4', {}, 'Parameters'), table(rows)];
}

/**
 * @param {Description} description
 * @param {Operation} operation
 */
function bodyOf(description, { requestBody }) {
  const schema = requestBody?.content?.['application/json']?.schema;
  return schema ? fieldsOf(description, 'Body', schema) : [];
}

/**
 * The responses, collapsed because most readers look for the request.
 * @param {Description} description
 * @param {Operation} operation
 */
function responsesOf(description, { responses }) {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([status, { content }]) => {
      const schema = content?.['application/json']?.schema;
      const [heading, ...fields] = fieldsOf(description, `Response ${status}`, schema ?? {});
      return fields.length === 0
        ? heading
        : element('details', { class: 'replies' }, element('summary', {}, heading), ...fields);
    });
}

/**
 * A heading, and a table where the schema has fields.
 * @param {Description} description
 * @param {string} title
 * @param {Schema} schema
 * @returns {[HTMLElement, ...HTMLElement[]]}
 */
function fieldsOf(description, title, schema) {
  const isList = schema.type === 'array';
  const item = isList ? schema.items : schema;
  const { properties = {}, required = [] } = resolved(description, item);
  const rows = Object.entries(properties).map(([name, field]) =>
    row(name, typeText(description, field), required.includes(name), [
      fallback(field),
      field.description ?? '',
    ]),
  );
  const name = nameOf(item);
  const type = name
    ? `${isList ? 'list of ' : ''}${name}`
    : rows.length === 0
      ? typeText(description, schema)
      : '';
  const heading = element('h4', {}, title, element('small', {}, ` ${type}`));
  return rows.length === 0 ? [heading] : [heading, table(rows)];
}

/** @param {Schema | undefined} schema */
const fallback = (schema) =>
  schema?.deprecated
    ? 'deprecated'
    : schema?.default === undefined || schema.default === null
      ? ''
      : `otherwise ${JSON.stringify(schema.default)}`;

/** @param {HTMLElement[]} rows */
const table = (rows) => element('div', { class: 'fields' }, ...rows);

/**
 * @param {string} name
 * @param {string} type
 * @param {boolean} required
 * @param {string[]} notes
 */
const row = (name, type, required, notes) =>
  element(
    'div',
    { class: 'field' },
    element('code', {}, name, required && element('b', { title: 'required' }, ' *')),
    element('span', {}, type, ...notes.filter(Boolean).map((note) => element('small', {}, ` ${note}`))),
  );

/**
 * @param {Description} description
 * @param {Operation} operation
 */
function example(description, operation) {
  const text = curlOf(description, operation, `${location.origin}${basePath}`);
  const copy = element('button', { type: 'button', class: 'quiet' }, 'Copy');
  const toClipboard = async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = 'Copied';
  };
  copy.addEventListener('click', () => void toClipboard());
  return element(
    'figure',
    { class: 'example' },
    element('figcaption', {}, `From a shell${neededBy(operation)}`, copy),
    element('pre', { tabindex: '0' }, text),
  );
}

/**
 * @param {Description} description
 * @param {Operation} operation
 */
function trial(description, operation) {
  const place = element('div', { class: 'trial' });
  const open = () => place.replaceChildren(tryIt(description, operation));
  const hint = isSignedIn()
    ? ''
    : 'Enter a key at the top of the page first, unless the operation is public.';
  place.append(
    element('button', { type: 'button', onclick: open }, 'Try it here'),
    element('small', {}, hint),
  );
  return place;
}
