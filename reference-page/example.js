// @ts-check
import { actsInWorkspace, isPublic, takesKeys } from './description.js';

/**
 * @typedef {import('./description.js').Operation} Operation
 * @typedef {import('./description.js').Description} Description
 */

/** @param {string} name */
const variable = (name) => name.toUpperCase();

/**
 * The variables that the shell must have set, as the end of a sentence.
 * @param {Operation} operation
 */
export const neededBy = (operation) =>
  operation.path === '/api/v1/login'
    ? ', with EMAIL and PASSWORD set; TOKEN is then your session'
    : isPublic(operation)
      ? ''
      : takesKeys(operation)
        ? ', with your key in LANGSMITH_API_KEY'
        : ', with your session in TOKEN';

/** @param {Operation} operation */
const credentialHeader = (operation) =>
  takesKeys(operation) ? '-H "X-API-Key: $LANGSMITH_API_KEY"' : '-H "Authorization: Bearer $TOKEN"';

/** Selects the first id of a list with standard Unix tools. */
const FIRST_ID = `| grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4`;

/**
 * A shell command that works when pasted, with `LANGSMITH_API_KEY` (or `TOKEN`, from the login) set. Ids are looked up,
 * except those of a resource that the command changes or deletes: the shell fails until the reader sets them.
 * @param {Description} description
 * @param {Operation} operation
 * @param {string} origin
 */
export function curlOf(description, operation, origin) {
  if (operation.path === '/api/v1/login') return loginOf(origin);
  const body = bodyText(description, operation);
  const lines = [...listsOf(description, operation, body)].map(([name, list]) =>
    lookup(name, list, operation),
  );
  return [`SERVER=${origin}`, ...lines, call(operation, body)].join('\n');
}

/**
 * The variables whose ids are looked up, with the path of the list that has them.
 * @param {Description} description
 * @param {Operation} operation
 * @param {string} body
 * @returns {Map<string, string>}
 */
function listsOf(description, operation, body) {
  const names = [...(actsInWorkspace(operation) ? ['WORKSPACE_ID'] : []), ...namesIn(body)];
  const known = names.map((name) => /** @type {const} */ ([name, description['x-ids'][name]?.list ?? '']));
  const inPath = (operation.parameters ?? []).flatMap(({ name, 'x-found-in': list }) =>
    list && operation.method === 'GET' ? [/** @type {const} */ ([variable(name), list])] : [],
  );
  return new Map([...known, ...inPath]);
}

/** @param {string} origin */
const loginOf = (origin) =>
  `SERVER=${origin}\nTOKEN=$(curl -s -X POST -u "$EMAIL:$PASSWORD" "$SERVER/api/v1/login" \\\n  | cut -d '"' -f 4)`;

/**
 * @param {string} name
 * @param {string} list
 * @param {Operation} operation
 */
const lookup = (name, list, operation) =>
  [`${name}=$(curl -s "$SERVER${list}"`, credentialHeader(operation), `${FIRST_ID})`].join(' \\\n  ');

/**
 * @param {Operation} operation
 * @param {string} body
 */
function call(operation, body) {
  const { method, path, parameters = [] } = operation;
  const place = path.replace(/\{(\w+)\}/g, (_, name) => placeOf(operation, name));
  const query = parameters
    .filter((one) => one.in === 'query' && one.example !== undefined)
    .map(({ name, example }) => `${name}=${encodeURIComponent(example ?? '')}`)
    .join('&');
  const parts = [
    `curl -s${method === 'GET' ? '' : ` -X ${method}`} "$SERVER${place}${query ? `?${query}` : ''}"`,
    ...(isPublic(operation) ? [] : [credentialHeader(operation)]),
    ...(actsInWorkspace(operation) ? ['-H "X-Tenant-Id: $WORKSPACE_ID"'] : []),
    ...(body ? [`-H "Content-Type: application/json" --data @- <<JSON\n${body}\nJSON`] : []),
  ];
  return parts.join(' \\\n  ');
}

/**
 * @param {Operation} operation
 * @param {string} name
 */
function placeOf({ method, parameters = [] }, name) {
  const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
  if (parameter?.example) return parameter.example;
  const list = parameter?.['x-found-in'];
  return list && method !== 'GET' ? `\${${variable(name)}:?an id from GET ${list}}` : `$${variable(name)}`;
}

/**
 * The example body, with a variable such as `$WORKSPACE_ID` for each id that has to be looked up.
 * @param {Description} description
 * @param {Operation} operation
 */
export function bodyText({ 'x-ids': ids }, { requestBody }) {
  const example = requestBody?.content?.['application/json']?.example;
  if (example === undefined) return '';
  const text = JSON.stringify(example, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]'); // a list of one in one line
  return Object.entries(ids).reduce((body, [name, id]) => body.replaceAll(id.example, `$${name}`), text);
}

/** @param {string} text */
export const namesIn = (text) => [...text.matchAll(/\$([A-Z_]+)/g)].map(([, name]) => name ?? '');
