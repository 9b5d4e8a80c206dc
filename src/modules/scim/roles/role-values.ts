import type { Filter } from '../protocol/filter.js';
import type { Edit } from '../protocol/patch-request.js';
import { ScimError } from '../protocol/scim.errors.js';
import { isObject, type Json, type JsonObject, readValue } from '../protocol/value.js';

/** A role of the organization, or of one of its workspaces. */
export type GivenRole = { readonly workspaceId: string | null; readonly roleId: string };

/** `id`: of the resource below `/Roles`. */
export type NamedRole = GivenRole & { readonly id: string; readonly display: string };

/** Why a value of `roles` gives nothing; `conflicting`: another one gives a role in the same place. */
export type IgnoredReason = 'missing' | 'unknown' | 'ambiguous' | 'unconfirmed' | 'conflicting';

/** What the texts of a request mean; others are unknown. */
export type RoleNames = ReadonlyMap<string, NamedRole | 'ambiguous' | 'unconfirmed'>;

type ReadRoles = {
  readonly kept: readonly JsonObject[];
  readonly given: readonly GivenRole[];
  readonly ignored: readonly { readonly value: string; readonly reason: IgnoredReason }[];
};

/** The values of `roles` as they are stored: by id, each once, and at most one in the organization and in a workspace. */
export function readRoleValues(values: Json | undefined, names: RoleNames): ReadRoles {
  const kept = new Map<string | null, { role: NamedRole; value: JsonObject }>();
  const ignored: { value: string; reason: IgnoredReason }[] = [];
  for (const one of Array.isArray(values) ? values : []) {
    const value = isObject(one) ? one : {};
    const text = typeof value.value === 'string' ? value.value : '';
    const role = text === '' ? 'missing' : (names.get(text) ?? 'unknown');
    if (typeof role === 'string') {
      ignored.push({ value: text, reason: role });
      continue;
    }
    const before = kept.get(role.workspaceId);
    if (before && before.role.id !== role.id) ignored.push({ value: text, reason: 'conflicting' });
    else
      kept.set(role.workspaceId, {
        role,
        value: { ...before?.value, ...value, value: role.id, display: role.display },
      });
  }
  const all = [...kept.values()];
  return { kept: all.map(({ value }) => value), given: all.map(({ role }) => role), ignored };
}

/** @throws ScimError invalidValue if a value gives nothing */
export function requireRoleValues(values: Json | undefined, names: RoleNames): readonly JsonObject[] {
  const { kept, ignored } = readRoleValues(values, names);
  const [wrong] = ignored;
  if (wrong) throw new ScimError('invalidValue', MESSAGES[wrong.reason](wrong.value.slice(0, MAX_SHOWN)));
  return kept;
}

const MAX_SHOWN = 200; // characters

const MESSAGES: Readonly<Record<IgnoredReason, (value: string) => string>> = {
  missing: () => 'A value of roles needs a value: the id or the name of a role, as /Roles lists them.',
  unknown: (value) => `There is no role "${value}". /Roles lists the roles.`,
  ambiguous: (value) => `"${value}" is the name of more than one role. Send the id, as /Roles lists it.`,
  unconfirmed: (value) =>
    `No administrator has set the name of the workspace in "${value}". Send the id of the role, as /Roles lists it.`,
  conflicting: (value) =>
    `"${value}" is a second role in the same place: a user has one role in the organization and one in each workspace.`,
};

/** All texts that may be values of `roles`. */
export function textsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  if (Array.isArray(json)) return json.flatMap(textsIn);
  return isObject(json) ? textsIn(json.value) : [];
}

export const isRolesEdit = ({ target: { extension, attribute } }: Edit): boolean =>
  extension === null && attribute.name === 'roles';

export const textsInEdit = ({ value, filter }: Edit): string[] => [
  ...textsIn(value),
  ...(filter ? textsInFilter(filter) : []),
];

function textsInFilter(filter: Filter): string[] {
  if (filter.kind === 'and' || filter.kind === 'or')
    return [...textsInFilter(filter.left), ...textsInFilter(filter.right)];
  if (filter.kind === 'not') return textsInFilter(filter.filter);
  return filter.kind === 'compare' && typeof filter.value === 'string' ? [filter.value] : [];
}

/** The same edit of `roles`, with ids in place of names where it selects values: they are stored by id. */
export function selectingById(edit: Edit, names: RoleNames): Edit {
  const { op, filter, value, target } = edit;
  const selecting = { ...edit, filter: filter && filterById(filter, names) };
  if (leavesNoValue(edit))
    return { ...selecting, op: 'remove', target: { ...target, sub: null }, value: undefined };
  return { ...selecting, value: op === 'remove' ? valueById(value, names) : value };
}

/** Entra ID takes a role by removing `roles[primary eq "True"].value`: what is left of it is no role. */
const leavesNoValue = ({ op, target: { sub }, value }: Edit): boolean =>
  sub?.name === 'value' && (op === 'remove' || readValue(sub, value) === undefined);

function filterById(filter: Filter, names: RoleNames): Filter {
  if (filter.kind === 'and' || filter.kind === 'or')
    return { ...filter, left: filterById(filter.left, names), right: filterById(filter.right, names) };
  if (filter.kind === 'not') return { ...filter, filter: filterById(filter.filter, names) };
  const selects = filter.kind === 'compare' && filter.path.name.toLowerCase() === 'value';
  return selects && typeof filter.value === 'string'
    ? { ...filter, value: idOf(filter.value, names) }
    : filter;
}

function valueById(value: unknown, names: RoleNames): unknown {
  if (typeof value === 'string') return idOf(value, names);
  if (Array.isArray(value)) return value.map((one) => valueById(one, names));
  return isObject(value) ? { ...value, value: valueById(value.value, names) } : value;
}

function idOf(text: string, names: RoleNames): string {
  const role = names.get(text);
  return role === undefined || typeof role === 'string' ? text : role.id;
}
