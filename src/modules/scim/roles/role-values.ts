import { type Filter, leavesOf } from '../protocol/filter.js';
import { applyEdits } from '../protocol/patch.js';
import type { Edit } from '../protocol/patch-request.js';
import type { Resource } from '../protocol/resource.js';
import { isObject, isStorable, type Json, type JsonObject, readValue, sameJson } from '../protocol/value.js';

export type GivenRole = { readonly workspaceId: string | null; readonly roleId: string };

/** `id`: of the resource below `/Roles`. */
export type NamedRole = GivenRole & { readonly id: string; readonly display: string };

/** Why a value of `roles` gives nothing; `conflicting`: a later one gives a role in the same place, and it is not kept. */
export type IgnoredReason = 'missing' | 'unknown' | 'ambiguous' | 'unconfirmed' | 'conflicting';

export type IgnoredValue = { readonly value: string; readonly reason: IgnoredReason };

/** What the texts of a request mean; others are unknown. */
export type RoleNames = ReadonlyMap<string, NamedRole | 'ambiguous' | 'unconfirmed'>;

/** `role`: null for a value that is kept without effect. */
type KeptValue = { readonly text: string; readonly role: NamedRole | null; readonly value: JsonObject };

/**
 * The values of `roles` as they are stored: those that give a role by id, at most one in each place, others as their text
 * (docs/contract/scim.md#values-without-effect).
 */
export function readRoleValues(values: Json | undefined, names: RoleNames) {
  const kept = new Map<string, KeptValue>();
  const ignored: IgnoredValue[] = [];
  for (const one of Array.isArray(values) ? values : []) {
    const sent = isObject(one) ? one : {};
    const text = textOf(sent.value);
    const role = text === '' ? 'missing' : (names.get(text) ?? 'unknown');
    const key = typeof role === 'string' ? `text ${text}` : `in ${role.workspaceId ?? ''}`;
    const before = kept.get(key);
    kept.delete(key); // the last one counts, also in what a text may come to mean
    if (typeof role === 'string') {
      if (!before) ignored.push({ value: text, reason: role });
      if (isStorable(text))
        kept.set(key, { text, role: null, value: text === '' ? sent : { ...sent, value: text } });
      continue;
    }
    const isSame = before?.role?.id === role.id;
    if (before && !isSame) ignored.push({ value: before.text, reason: 'conflicting' });
    const value = { ...(isSame ? before.value : {}), ...sent, value: role.id, display: role.display };
    kept.set(key, { text, role, value });
  }
  const all = [...kept.values()];
  return { kept: all, given: all.flatMap(({ role }) => role ?? []), ignored };
}

export const valuesOf = (kept: readonly KeptValue[]): JsonObject[] => kept.map(({ value }) => value);

/** A text that is stored as such, while roles have an effect, gave nothing when it was read, and gets no effect by being sent again. */
export const confirmedNames = (names: RoleNames, stored: Json | undefined): RoleNames =>
  new Map([...names, ...waitingIn(stored, names).map(([text]) => [text, 'unconfirmed'] as const)]);

/** The texts that are stored as such, and name a role by now. */
export const waitingIn = (stored: Json | undefined, names: RoleNames): (readonly [string, NamedRole])[] =>
  textsIn(stored).flatMap((text) => {
    const role = names.get(text);
    return typeof role === 'object' && role.id !== text.toLowerCase() ? [[text, role] as const] : [];
  });

/** Entra ID writes an app role as JSON into `value`. */
function textOf(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (!value.startsWith('{')) return value;
  const { value: inner, displayName } = parsed(value);
  return ([inner, displayName].find((text) => typeof text === 'string' && text !== '') as string) ?? value;
}

function parsed(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}

export function textsIn(json: unknown): string[] {
  if (typeof json === 'string') return [textOf(json)];
  if (Array.isArray(json)) return json.flatMap(textsIn);
  return isObject(json) ? textsIn(json.value) : [];
}

export const isRolesEdit = ({ target: { extension, attribute } }: Edit): boolean =>
  extension === null && attribute.name === 'roles';

export function textsInEdit({ value, filter }: Edit): string[] {
  const compared = filter ? leavesOf(filter) : [];
  return textsIn([value, ...compared.map((leaf) => (leaf.kind === 'compare' ? leaf.value : null))]);
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

function idOf(sent: string, names: RoleNames): string {
  const text = textOf(sent);
  const role = names.get(text);
  return typeof role === 'object' ? role.id : text;
}

/** Values that an edit changes come last, so that they count. Entra ID replaces and removes the only role as the primary one. */
export function applyToRoles(before: Resource, edits: readonly Edit[]): Resource {
  const filters = edits.filter(isRolesEdit).flatMap(({ filter }) => filter ?? []);
  const roles = Array.isArray(before.roles) ? before.roles : [];
  const isOnly = roles.length === 1 && filters.some(selectsPrimary);
  const from = isOnly ? { ...before, roles: [{ ...(roles[0] as JsonObject), primary: true }] } : before;
  const after = applyEdits(from, edits);
  if (filters.length === 0 || !Array.isArray(after.roles)) return after;
  const isChanged = (value: Json) => !roles.some((one) => sameJson(one, value));
  return {
    ...after,
    roles: [...after.roles.filter((one) => !isChanged(one)), ...after.roles.filter(isChanged)],
  };
}

const selectsPrimary = (filter: Filter): boolean =>
  filter.kind === 'compare' && filter.path.name.toLowerCase() === 'primary';
