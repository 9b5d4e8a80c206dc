import { isJsonObject } from '../common/json.js';
import { inNfc, PLACE_NAME, PLACE_NAME_SIGNS } from '../common/place-name.js';
import {
  type BootstrapItem,
  ORG_ROLES,
  ORG_SETTINGS,
  type OrgSetting,
  scimTokenSecret,
  serviceKeySecret,
  WORKSPACE_ROLES,
} from './bootstrap-items.js';
import { InvalidVariable } from './environment.errors.js';
import { contentOf, type Parser } from './parsers.js';

/** @throws InvalidVariable with the line of the error; without its text, which may hold a secret */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split('\n');
    const wrong = lines.findIndex((_, index) => !isBeginning(lines.slice(0, index + 1).join('\n')));
    const place = wrong === -1 ? 'it ends too early' : `line ${wrong + 1} is wrong`;
    throw new InvalidVariable(`must be a file with JSON; ${place}`);
  }
}

/** Whether the text may be continued to JSON. V8 says at which position it is wrong, or that it ends. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    return /end of JSON input|^Unterminated/.test(message) || Number(position) >= text.length;
  }
}

/**
 * The items of a bootstrap file, which is JSON (docs/operations.md#bootstrap).
 *
 * @throws InvalidVariable with every problem of the file
 */
export const bootstrapFile: Parser<readonly BootstrapItem[]> = (text) => {
  const json = parseJson(text);
  const problems: string[] = [];
  const items = itemsIn(json, problems);
  const names = items.map(({ kind, name }) => `${kind} ${name}`);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  problems.push(...[...repeated].map((name) => `${name} occurs twice`));
  if (problems.length > 0) throw new InvalidVariable(problems.join('\n    '));
  return items;
};

/** Reads a part of the file; adds its problems, with its path, and then returns a value of the same type. */
type Read<Value> = (value: unknown, path: string, problems: string[]) => Value;

const text =
  (pattern: RegExp, rule = `must match ${pattern.source}`): Read<string> =>
  (value, path, problems) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    problems.push(`${path} ${rule}`);
    return '';
  };

const flag: Read<boolean> = (value, path, problems) => {
  if (typeof value !== 'boolean') problems.push(`${path} must be true or false`);
  return value === true;
};

const oneOf =
  <Value extends string>(...values: readonly [Value, ...Value[]]): Read<Value> =>
  (given, path, problems) => {
    const value = values.find((each) => each === given);
    if (value === undefined) problems.push(`${path} must be one of ${values.join(', ')}`);
    return value ?? values[0];
  };

const names: Read<readonly string[]> = (given, path, problems) => {
  const value = given ?? [];
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value.map(inNfc);
  problems.push(`${path} must be a list of names`);
  return [];
};

/** Secrets are never in the file itself. */
const secretFile =
  (parse: Parser<string>): Read<string> =>
  (value, path, problems) => {
    const file = text(/\S/, 'must be the path of a file with the secret')(value, path, problems);
    try {
      return file === '' ? '' : contentOf(parse)(file);
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      problems.push(`${path}: ${error.message}`);
      return '';
    }
  };

const optional =
  <Value, const Fallback>(read: Read<Value>, fallback: Fallback): Read<Value | Fallback> =>
  (value, path, problems) =>
    value === undefined || value === null ? fallback : read(value, path, problems);

type Fields = Readonly<Record<string, Read<unknown>>>;
type ValuesOf<Shape extends Fields> = { readonly [Name in keyof Shape]: ReturnType<Shape[Name]> };

const THE_FILE = 'the file';

const object =
  <Shape extends Fields>(shape: Shape): Read<ValuesOf<Shape>> =>
  (value, path, problems) => {
    if (!isJsonObject(value)) problems.push(`${path} must be an object`);
    const given = isJsonObject(value) ? value : {};
    const unknown = Object.keys(given).filter((name) => !(name in shape));
    problems.push(...unknown.map((name) => `${path} has an unknown field: ${name}`));
    const fields = Object.entries(shape).map(([name, read]) => [
      name,
      read(given[name], path === THE_FILE ? name : `${path}.${name}`, problems),
    ]);
    return Object.fromEntries(fields) as ValuesOf<Shape>;
  };

const listOf =
  <Item>(read: Read<Item>): Read<readonly Item[]> =>
  (given, path, problems) => {
    const value = given ?? [];
    if (Array.isArray(value)) return value.map((item, index) => read(item, `${path}[${index}]`, problems));
    problems.push(`${path} must be a list`);
    return [];
  };

const name = text(/^[a-zA-Z0-9\-_ '@()]{1,255}$/, "must be 1 to 255 letters, digits, spaces, - _ ' @ ( or )");

const namedPlace = text(PLACE_NAME, `must be 1 to 255 ${PLACE_NAME_SIGNS}`);
const workspaceName: Read<string> = (value, path, problems) =>
  namedPlace(typeof value === 'string' ? inNfc(value) : value, path, problems);

const SETTINGS = Object.fromEntries(ORG_SETTINGS.map((setting) => [setting, optional(flag, null)])) as Record<
  OrgSetting,
  Read<boolean | null>
>;

const FILE = object({
  settings: optional(object(SETTINGS), null),
  workspaces: listOf(
    object({ name: workspaceName, handle: optional(text(/^[a-z0-9][a-z0-9-]{1,62}$/), null) }),
  ),
  service_keys: listOf(
    object({
      name,
      secret_file: secretFile(serviceKeySecret),
      workspaces: names,
      workspace_role: optional(oneOf(...WORKSPACE_ROLES), 'WORKSPACE_ADMIN'),
      org_role: optional(oneOf(...ORG_ROLES), null),
    }),
  ),
  scim_tokens: listOf(object({ name, secret_file: secretFile(scimTokenSecret) })),
  sso_settings: optional(
    object({
      default_workspaces: names,
      default_workspace_role: optional(oneOf(...WORKSPACE_ROLES), 'WORKSPACE_USER'),
      groups_enabled: optional(flag, false),
      groups_claim: optional(text(/\S/), 'groups'),
    }),
    null,
  ),
});

/** In the order in which they need each other. */
function itemsIn(json: unknown, problems: string[]): BootstrapItem[] {
  const file = FILE(json, THE_FILE, problems);
  const { sso_settings: sso } = file;
  for (const [index, { workspaces, org_role: orgRole }] of file.service_keys.entries()) {
    const path = `service_keys[${index}].org_role`;
    if (workspaces.length > 0 && orgRole !== null)
      problems.push(`${path} is for keys of the whole organization, without workspaces`);
  }
  if (sso?.default_workspaces.length === 0)
    problems.push('sso_settings.default_workspaces must name a workspace');
  return [
    ...ORG_SETTINGS.flatMap((setting) => {
      const value = file.settings?.[setting] ?? null;
      return value === null ? [] : [{ kind: 'setting', name: setting, value } as const];
    }),
    ...file.workspaces.map((workspace) => ({ kind: 'workspace', ...workspace }) as const),
    ...file.service_keys.map(serviceKeyOf),
    ...file.scim_tokens.map(
      (token) => ({ kind: 'scim_token', name: token.name, secret: token.secret_file }) as const,
    ),
    ...(sso === null ? [] : [ssoSettingsOf(sso)]),
  ];
}

type File = ReturnType<typeof FILE>;

const serviceKeyOf = (key: File['service_keys'][number]): BootstrapItem => ({
  kind: 'service_key',
  name: key.name,
  secret: key.secret_file,
  workspaces: key.workspaces,
  workspaceRole: key.workspace_role,
  orgRole: key.workspaces.length > 0 ? null : (key.org_role ?? 'ORGANIZATION_USER'),
});

const ssoSettingsOf = (sso: NonNullable<File['sso_settings']>): BootstrapItem => ({
  kind: 'sso_settings',
  name: 'sso_settings',
  workspaces: sso.default_workspaces,
  workspaceRole: sso.default_workspace_role,
  groupsEnabled: sso.groups_enabled,
  groupsClaim: sso.groups_claim,
});
