import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as kinds from '../../src/common/errors/domain-error.js';
import { codeOf, httpStatusOf } from '../../src/common/errors/domain-error.js';
import { PROTOCOL_ERROR_CODES } from '../../src/common/errors/error-format.js';
import { REFUSALS } from '../../src/modules/auth/sign-in/provisioning/sign-in.errors.js';
import { errorCodeOf, type ScimType, STATUS_OF_TYPE } from '../../src/modules/scim/protocol/scim.errors.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLASS = /^(?:export )?(abstract )?class (\w+) extends (\w+) \{(?:\}|\n(.*?)^\})/gms;
const OWN_CODE = /override readonly code = '(\w+)';/;
const FORMER_CODE = /readonly formerCode = '(\w+)';/;
const OWN_SCIM_CODE = /status: (\d+),\s+code: '(scim_\w+)'/g;

/** The base classes, each with its own status. */
const KINDS = new Map<string, { prototype: object }>(Object.entries(kinds));

type ErrorClass = {
  timesOut: boolean;
  parent: string;
  code: string | undefined;
  formerCode: string | undefined;
  hasMessage: boolean;
};

const sources = globSync('src/**/*.ts', { cwd: ROOT, exclude: ['**/*.spec.ts'] }).map((path) =>
  readFileSync(`${ROOT}/${path}`, 'utf8'),
);

const ownCode = (name: string, body: string) => OWN_CODE.exec(body)?.[1] ?? codeOf(name);

const classes = new Map<string, ErrorClass>(
  sources.flatMap((source) =>
    [...source.matchAll(CLASS)].map(
      ([, isAbstract, name = '', parent = '', body = '']): [string, ErrorClass] => [
        name,
        {
          parent,
          timesOut: !body.includes('timedOut = false'),
          code: isAbstract || body.includes('readonly code: string') ? undefined : ownCode(name, body),
          formerCode: FORMER_CODE.exec(body)?.[1],
          hasMessage: /^  (static readonly message =|constructor\()/m.test(body),
        },
      ],
    ),
  ),
);

/** One class with the codes of a table. */
const SIGN_IN_REFUSALS = Object.values(REFUSALS);

/** The statuses of a class; empty if it is no domain error. */
function statusesOf(name: string): string[] {
  const kind = KINDS.get(name);
  if (kind) return [String(httpStatusOf(Object.create(kind.prototype) as kinds.DomainError))];
  const found = classes.get(name);
  if (!found) return [];
  const statuses = found.parent === 'UpstreamFailed' ? ['502', '504'] : statusesOf(found.parent);
  return found.timesOut ? statuses : statuses.filter((status) => status !== '504');
}

/** Every error code of the sources with its statuses, as `502, 504`; of domain errors, of HTTP and of SCIM. */
export function errorCodes(): Map<string, string> {
  const statuses = new Map<string, Set<string>>();
  const add = (code: string, ...more: string[]) =>
    statuses.set(code, new Set([...(statuses.get(code) ?? []), ...more]));
  for (const [name, { code }] of classes)
    if (code !== undefined && statusesOf(name).length > 0) add(code, ...statusesOf(name));
  for (const { code } of SIGN_IN_REFUSALS) add(code, ...statusesOf('SignInRefused'));
  for (const [status, code] of Object.entries(PROTOCOL_ERROR_CODES)) add(code, status);
  for (const [type, status] of Object.entries(STATUS_OF_TYPE))
    add(errorCodeOf(type as ScimType), String(status));
  for (const source of sources)
    for (const [, status = '', code = ''] of source.matchAll(OWN_SCIM_CODE)) add(code, status);
  return new Map([...statuses].map(([code, all]) => [code, [...all].sort().join(', ')]));
}

/** Former codes with the present ones. */
export const formerCodes = (): Map<string, string> =>
  new Map(
    [...classes.values(), ...SIGN_IN_REFUSALS].flatMap(({ code, formerCode }) =>
      code && formerCode ? [[formerCode, code]] : [],
    ),
  );

/** Domain errors without a message of their own, or of a class that they extend, that the sources create without one. */
export function errorsWithoutMessage(): string[] {
  const hasMessage = (name: string): boolean => {
    const found = classes.get(name);
    return found !== undefined && (found.hasMessage || hasMessage(found.parent));
  };
  const silent = [...classes.keys()].filter((name) => statusesOf(name).length > 0 && !hasMessage(name));
  return silent.filter((name) => sources.some((source) => source.includes(`new ${name}()`)));
}

/** Two classes with the same code, which clients could not tell apart. */
export function repeatedCodes(): string[] {
  const ofClasses = [...classes].flatMap(([name, { parent, code }]) =>
    code !== undefined && statusesOf(name).length > 0 && code !== classes.get(parent)?.code ? code : [],
  );
  const all = [...ofClasses, ...SIGN_IN_REFUSALS.map(({ code }) => code)];
  return all.filter((code, index) => all.indexOf(code) !== index);
}
