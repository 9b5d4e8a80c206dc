// @ts-check
import { bodyText, namesIn } from './example.js';
import { element } from './elements.js';
import { call, currentWorkspace } from './session.js';

/**
 * @typedef {import('./description.js').Operation} Operation
 * @typedef {import('./description.js').Parameter} Parameter
 * @typedef {import('./description.js').Description} Description
 */

/**
 * A form that sends a request for the operation and shows the response.
 * @param {Description} description
 * @param {Operation} operation
 */
export function tryIt(description, operation) {
  const fields = (operation.parameters ?? []).filter((one) => one.in !== 'header').map(parameterField);
  const body = bodyText(description, operation);
  const editor = element('textarea', {
    spellcheck: 'false',
    rows: String(Math.min(14, body.split('\n').length + 1)),
  });
  editor.value = body;
  const response = element('div', { class: 'reply', 'aria-live': 'polite' });
  const send = async () => {
    const path = pathOf(operation, fields);
    response.replaceChildren('…');
    response.replaceChildren(...shown(await call(operation.method, path, editor.value || undefined)));
  };
  void fillIds(description, fields, editor);
  return element(
    'form',
    {
      class: 'try',
      onsubmit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    ...fields.map(({ label }) => label),
    body !== '' || operation.requestBody ? element('label', {}, 'Body', editor) : null,
    element(
      'button',
      { type: 'submit', class: operation.method === 'DELETE' ? 'danger' : '' },
      `Send ${operation.method}`,
    ),
    response,
  );
}

/** @param {Parameter} parameter */
function parameterField(parameter) {
  const choices = element('datalist', { id: `ids-${Math.random().toString(36).slice(2)}` });
  const input = element('input', {
    type: 'text',
    list: choices.id,
    required: parameter.required === true,
    value: parameter.example ?? '',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const mark = parameter.required ? ' *' : '';
  return {
    parameter,
    input,
    choices,
    label: element('label', {}, `${parameter.name}${mark}`, input, choices),
  };
}

/** @typedef {ReturnType<typeof parameterField>} Field */

/**
 * @param {Operation} operation
 * @param {Field[]} fields
 */
function pathOf({ path }, fields) {
  const query = new URLSearchParams();
  let filled = path;
  for (const { parameter, input } of fields) {
    if (parameter.in === 'path')
      filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value !== '')
      for (const one of valuesOf(parameter, input.value)) query.append(parameter.name, one);
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

/**
 * The values of a parameter; a list is entered with commas.
 * @param {Parameter} parameter
 * @param {string} text
 */
const valuesOf = ({ schema }, text) =>
  JSON.stringify(schema ?? {}).includes('"array"') ? text.split(',').map((one) => one.trim()) : [text];

/**
 * Offers existing ids for the path, and replaces the variables in the example body by real ids.
 * @param {Description} description
 * @param {Field[]} fields
 * @param {HTMLTextAreaElement} editor
 */
async function fillIds(description, fields, editor) {
  for (const { parameter, choices } of fields) {
    const list = parameter['x-found-in'];
    if (!list) continue;
    const rows = await rowsOf(list);
    choices.replaceChildren(...rows.map((row) => element('option', { value: row.id }, labelOf(row))));
  }
  for (const name of new Set(namesIn(editor.value))) {
    const id = name === 'WORKSPACE_ID' ? currentWorkspace()?.id : undefined;
    const found = id ?? (await rowsOf(description['x-ids'][name]?.list ?? ''))[0]?.id;
    if (found) editor.value = editor.value.replaceAll(`$${name}`, found);
  }
}

/**
 * @param {string} list
 * @returns {Promise<Record<string, string>[]>}
 */
async function rowsOf(list) {
  const { ok, json } = list ? await call('GET', list) : { ok: false, json: null };
  const rows = Array.isArray(json) ? json : Object.values(json ?? {}).find(Array.isArray);
  return ok && rows ? rows : [];
}

/** @param {Record<string, string>} row */
const labelOf = (row) =>
  row['email'] ?? row['display_name'] ?? row['description'] ?? row['name'] ?? row['short_key'] ?? '';

/** @param {import('./session.js').Reply} response */
function shown({ status, ok, text, json, milliseconds }) {
  const summary = element('p', { class: ok ? 'good' : 'bad' }, `${status} · ${milliseconds} ms`);
  const body = json === null ? text : JSON.stringify(json, null, 2);
  return body === '' ? [summary] : [summary, element('pre', { tabindex: '0' }, body)];
}
