import { isJsonObject } from '../common/json-object.js';
import {
  type BootstrapItem,
  ORG_ROLES,
  ORG_SETTINGS,
  scimTokenSecret,
  serviceKeySecret,
  WORKSPACE_ROLES,
} from './bootstrap-items.js';
import { InvalidVariable } from './environment.errors.js';
import { textOfFile } from './secret-variables.js';
import type { VariableReader } from './variable-readers.js';

const HANDLE = /^[a-z0-9][a-z0-9-]{1,62}$/;
const NAME = /^[a-zA-Z0-9\-_ '@()]{1,255}$/;
const NAME_RULE = "must be 1 to 255 letters, digits, spaces, - _ ' @ ( or )";

/**
 * The items of a bootstrap file, which is JSON (docs/operations.md#bootstrap).
 *
 * @throws InvalidVariable with every problem of the file
 */
export const bootstrapFile: VariableReader<readonly BootstrapItem[]> = (text) => {
  const parser = new BootstrapFileParser();
  const items = parser.items(parsed(text));
  const names = items.map(({ kind, name }) => `${kind} ${name}`);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  parser.problems.push(...[...repeated].map((name) => `${name} occurs twice`));
  if (parser.problems.length > 0) throw new InvalidVariable(parser.problems.join('\n    '));
  return items;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidVariable('must be a file with JSON'); // the message of the parser quotes the text
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Collects the problems instead of stopping at the first; paths are those of the file. */
class BootstrapFileParser {
  readonly problems: string[] = [];

  items(file: unknown): BootstrapItem[] {
    const known = ['settings', 'workspaces', 'service_keys', 'scim_tokens', 'sso_settings'];
    const fields = this.fields(file, 'the file', known);
    return [
      ...this.settings(fields['settings'] ?? {}),
      ...this.each(fields, 'workspaces', ['name', 'handle'], (each, path) => this.workspace(each, path)),
      ...this.each(fields, 'service_keys', SERVICE_KEY_FIELDS, (each, path) => this.serviceKey(each, path)),
      ...this.each(fields, 'scim_tokens', ['name', 'secret_file'], (each, path) =>
        this.scimToken(each, path),
      ),
      ...(fields['sso_settings'] === undefined ? [] : [this.ssoSettings(fields['sso_settings'])]),
    ];
  }

  private settings(value: unknown): BootstrapItem[] {
    const fields = this.fields(value, 'settings', ORG_SETTINGS);
    return ORG_SETTINGS.filter((name) => fields[name] !== undefined).map((name) => ({
      kind: 'setting',
      name,
      value: this.flag(fields, name, 'settings', false),
    }));
  }

  private workspace(fields: Fields, path: string): BootstrapItem {
    const handle = fields['handle'] === undefined ? null : this.text(fields, 'handle', path, HANDLE);
    return { kind: 'workspace', name: this.name(fields, path), handle };
  }

  private serviceKey(fields: Fields, path: string): BootstrapItem {
    const workspaces = this.names(fields, 'workspaces', path);
    const orgRole = this.oneOf(fields, 'org_role', path, ORG_ROLES, 'ORGANIZATION_USER');
    if (workspaces.length > 0 && fields['org_role'] !== undefined) {
      this.problems.push(`${path}.org_role is for keys of the whole organization, without workspaces`);
    }
    return {
      kind: 'service_key',
      name: this.name(fields, path),
      secret: this.secret(fields, path, serviceKeySecret),
      workspaces,
      workspaceRole: this.oneOf(fields, 'workspace_role', path, WORKSPACE_ROLES, 'WORKSPACE_ADMIN'),
      orgRole: workspaces.length > 0 ? null : orgRole,
    };
  }

  private scimToken(fields: Fields, path: string): BootstrapItem {
    const secret = this.secret(fields, path, scimTokenSecret);
    return { kind: 'scim_token', name: this.name(fields, path), secret };
  }

  private ssoSettings(value: unknown): BootstrapItem {
    const path = 'sso_settings';
    const fields = this.fields(value, path, SSO_FIELDS);
    const workspaces = this.names(fields, 'default_workspaces', path);
    if (workspaces.length === 0) this.problems.push(`${path}.default_workspaces must name a workspace`);
    const claim =
      fields['groups_claim'] === undefined ? 'groups' : this.text(fields, 'groups_claim', path, /\S/);
    return {
      kind: 'sso_settings',
      name: 'sso_settings',
      workspaces,
      workspaceRole: this.oneOf(fields, 'default_workspace_role', path, WORKSPACE_ROLES, 'WORKSPACE_USER'),
      groupsEnabled: this.flag(fields, 'groups_enabled', path, false),
      groupsClaim: claim,
    };
  }

  private fields(value: unknown, path: string, known: readonly string[]): Fields {
    if (!isJsonObject(value)) {
      this.problems.push(`${path} must be an object`);
      return {};
    }
    const unknown = Object.keys(value).filter((name) => !known.includes(name));
    this.problems.push(...unknown.map((name) => `${path} has an unknown field: ${name}`));
    return value;
  }

  private each<Item>(
    fields: Fields,
    path: string,
    known: readonly string[],
    read: (fields: Fields, path: string) => Item,
  ): Item[] {
    const list = fields[path] ?? [];
    if (!Array.isArray(list)) {
      this.problems.push(`${path} must be a list`);
      return [];
    }
    return list.map((value, index) => {
      const at = `${path}[${index}]`;
      return read(this.fields(value, at, known), at);
    });
  }

  private name(fields: Fields, path: string): string {
    return this.text(fields, 'name', path, NAME, NAME_RULE);
  }

  private names(fields: Fields, field: string, path: string): string[] {
    const list = fields[field] ?? [];
    if (Array.isArray(list) && list.every((name) => typeof name === 'string')) return list;
    this.problems.push(`${path}.${field} must be a list of names`);
    return [];
  }

  private text(
    fields: Fields,
    field: string,
    path: string,
    pattern: RegExp,
    rule = `must match ${pattern.source}`,
  ): string {
    const value = fields[field];
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.problems.push(`${path}.${field} ${rule}`);
    return '';
  }

  private flag(fields: Fields, field: string, path: string, fallback: boolean): boolean {
    const value = fields[field] ?? fallback;
    if (typeof value === 'boolean') return value;
    this.problems.push(`${path}.${field} must be true or false`);
    return fallback;
  }

  private oneOf<Value extends string>(
    fields: Fields,
    field: string,
    path: string,
    values: readonly Value[],
    fallback: Value,
  ): Value {
    const given = fields[field] ?? fallback;
    const value = values.find((each) => each === given);
    if (value === undefined) this.problems.push(`${path}.${field} must be one of ${values.join(', ')}`);
    return value ?? fallback;
  }

  /** Secrets are never in the file itself. */
  private secret(fields: Fields, path: string, parse: VariableReader<string>): string {
    const file = this.text(fields, 'secret_file', path, /\S/, 'must be the path of a file with the secret');
    if (file === '') return '';
    try {
      return parse(textOfFile(file));
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      this.problems.push(`${path}.secret_file: ${error.message}`);
      return '';
    }
  }
}

const SERVICE_KEY_FIELDS = ['name', 'secret_file', 'workspaces', 'workspace_role', 'org_role'];
const SSO_FIELDS = ['default_workspaces', 'default_workspace_role', 'groups_enabled', 'groups_claim'];
