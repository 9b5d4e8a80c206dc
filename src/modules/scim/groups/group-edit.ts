import { INVISIBLE, INVISIBLE_MESSAGE } from '../../../common/http/operations/value-checks.js';
import { sameName } from '../protocol/attribute.js';
import type { Filter } from '../protocol/filter.js';
import { readPatch, type Edit } from '../protocol/patch-request.js';
import { applyEdits } from '../protocol/patch.js';
import { type Resource, readResource } from '../protocol/resource.js';
import { GROUP_SHAPE } from '../protocol/schemas.js';
import { ScimError } from '../protocol/scim.errors.js';
import { assertStorable, isObject, valueNamed } from '../protocol/value.js';

export type GroupProfile = { readonly displayName: string; readonly externalId: string | null };

/** A change of a group; members change in steps, so that the whole list is never loaded. */
export type GroupEdit = {
  readonly profile: (before: Resource) => GroupProfile;
  readonly members: readonly MemberChange[];
  /** A replacement without `members`, which removes all of them. */
  readonly isMembersListAbsent?: boolean;
};

const MAX_NAME_LENGTH = 500; // characters; the column is indexed, and index entries are limited in size

export function editFromResource(body: unknown): GroupEdit {
  const resource = readResource(GROUP_SHAPE, body);
  const profile = profileOf(resource);
  const members = isObject(body) ? valueNamed(body, 'members') : undefined;
  return {
    profile: (before) => withVisibleName(profile, before),
    members: members === undefined ? [] : [{ kind: 'replace', ids: newMemberIds(members) }],
  };
}

/** A complete group that replaces the stored one: one without `members` has none (RFC 7644, section 3.5.1). */
export function editFromReplacement(body: unknown): GroupEdit {
  const edit = editFromResource(body);
  if (edit.members.length > 0) return edit;
  return { ...edit, members: [{ kind: 'replace', ids: [] }], isMembersListAbsent: true };
}

export function editFromPatch(body: unknown): GroupEdit {
  const edits = readPatch(GROUP_SHAPE, body);
  const ofItself = edits.filter((edit) => !isMemberEdit(edit));
  return {
    profile: (before) => withVisibleName(profileOf(applyEdits(before, ofItself)), before),
    members: edits.filter(isMemberEdit).map(memberChangeOf),
  };
}

/** The resource as a PATCH edits it; members are changed without being loaded. */
export const toEditableResource = ({ displayName, externalId }: GroupProfile): Resource => ({
  displayName,
  ...(externalId === null ? {} : { externalId }),
});

/** A name that was stored before this rule is kept. */
function withVisibleName(profile: GroupProfile, before: Resource): GroupProfile {
  if (profile.displayName !== before['displayName'] && INVISIBLE.test(profile.displayName))
    throw new ScimError('invalidValue', `${INVISIBLE_MESSAGE}.`);
  return profile;
}

function profileOf(resource: Resource): GroupProfile {
  assertStorable(resource);
  const { displayName, externalId } = resource;
  if (typeof displayName !== 'string') throw new ScimError('invalidValue', 'displayName is required.');
  const id = typeof externalId === 'string' ? externalId : null;
  if ([displayName, id ?? ''].some((text) => text.length > MAX_NAME_LENGTH))
    throw new ScimError('invalidValue', `Names have at most ${MAX_NAME_LENGTH} characters.`);
  return { displayName, externalId: id };
}

/** One step in changing a group's members, by user id. Steps apply in order without loading the whole list. */
export type MemberChange = {
  /** `replace` replaces all members; an empty list removes all. */
  readonly kind: 'add' | 'remove' | 'replace';
  readonly ids: readonly string[];
};

/** User ids; an id in both lists was removed and added again. */
export type MemberDelta = { readonly added: readonly string[]; readonly removed: readonly string[] };

const isMemberEdit = ({ target }: Edit): boolean => target.attribute.name === 'members';

function memberChangeOf({ op, target, filter, value }: Edit): MemberChange {
  if (target.sub) throw new ScimError('mutability', 'The attributes of a member are read-only.');
  if (filter) {
    if (op !== 'remove')
      throw new ScimError('mutability', 'Members can only be added or removed; a member cannot be changed.');
    return { kind: 'remove', ids: idsIn(filter) };
  }
  if (op === 'remove' && (value === undefined || value === null)) return { kind: 'replace', ids: [] }; // all members
  return { kind: op, ids: op === 'remove' ? memberIds(value) : newMemberIds(value) };
}

export const nestedGroupError = () =>
  new ScimError('invalidValue', 'Groups of groups are not supported: add the users as members.');

/** @throws ScimError invalidValue if a member says that it is a group (docs/contract/scim.md#group-members) */
function newMemberIds(members: unknown): string[] {
  if (asList(members).some(isGroup)) throw nestedGroupError();
  return memberIds(members);
}

const isGroup = (member: unknown): boolean =>
  isObject(member) &&
  ((typeof member.type === 'string' && sameName(member.type, 'Group')) ||
    (typeof member.$ref === 'string' && /\/Groups\/[^/]*$/.test(member.$ref)));

/** From a list of members or a single one. A list without ids is an empty list, never all members. */
function memberIds(members: unknown): string[] {
  return asList(members).map((member) => {
    const id = isObject(member) ? member.value : member;
    if (typeof id !== 'string')
      throw new ScimError('invalidValue', 'A member needs a value, the id of a user.');
    return id;
  });
}

const asList = (members: unknown): unknown[] => [members ?? []].flat();

/** Only `value eq "a" or value eq "b"`: other filters would require loading all members. */
function idsIn(filter: Filter): string[] {
  if (filter.kind === 'or') return [...idsIn(filter.left), ...idsIn(filter.right)];
  const names =
    filter.kind === 'compare' && filter.operator === 'eq' && filter.path.name.toLowerCase() === 'value';
  if (!names || typeof filter.value !== 'string')
    throw new ScimError(
      'invalidFilter',
      'Members can only be selected by their value: members[value eq "…"].',
    );
  return [filter.value];
}
