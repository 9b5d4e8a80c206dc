import { INVISIBLE, INVISIBLE_MESSAGE } from '../../../common/http/value-checks.js';
import { readPatch } from '../protocol/patch-request.js';
import { applyEdits } from '../protocol/patch.js';
import { GROUP_SHAPE } from '../protocol/schemas.js';
import { type Resource, readResource } from '../protocol/resource.js';
import { ScimError } from '../protocol/scim.errors.js';
import { isObject } from '../protocol/value.js';
import { isMemberEdit, type MemberChange, memberChangeOf, newMemberIds } from './member-changes.js';

/** A group's attributes without its members. */
export type GroupProfile = { readonly displayName: string; readonly externalId: string | null };

/** A change of a group; members change in steps, so that the whole list is never loaded. */
export type GroupEdit = {
  readonly profile: (before: Resource) => GroupProfile;
  readonly members: readonly MemberChange[];
  /** A replacement without `members`, which removes all of them. */
  readonly isMembersListAbsent?: boolean;
};

const MAX_NAME_LENGTH = 500; // characters; the column is indexed, and index entries are limited in size

/** A new group. */
export function editFromResource(body: unknown): GroupEdit {
  const resource = readResource(GROUP_SHAPE, body);
  const profile = profileOf(resource);
  const specified = isObject(body)
    ? Object.entries(body).find(([key]) => key.toLowerCase() === 'members')
    : undefined;
  return {
    profile: (before) => withVisibleName(profile, before),
    members: specified ? [{ kind: 'replace', ids: newMemberIds(specified[1]) }] : [],
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

/** A name that was stored before this rule is kept. */
function withVisibleName(profile: GroupProfile, before: Resource): GroupProfile {
  if (profile.displayName !== before['displayName'] && INVISIBLE.test(profile.displayName))
    throw new ScimError('invalidValue', `${INVISIBLE_MESSAGE}.`);
  return profile;
}

function profileOf({ displayName, externalId }: Resource): GroupProfile {
  if (typeof displayName !== 'string') throw new ScimError('invalidValue', 'displayName is required.');
  const id = typeof externalId === 'string' ? externalId : null;
  if ([displayName, id ?? ''].some((text) => text.length > MAX_NAME_LENGTH))
    throw new ScimError('invalidValue', `Names have at most ${MAX_NAME_LENGTH} characters.`);
  return { displayName, externalId: id };
}
