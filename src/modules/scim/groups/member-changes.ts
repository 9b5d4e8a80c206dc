import type { Filter } from '../protocol/filter.js';
import type { Edit } from '../protocol/patch-request.js';
import { ScimError } from '../protocol/scim.errors.js';
import { isObject } from '../protocol/value.js';

/** One step in a group's members, by the ids of users. Steps happen in their order, without the whole list being read. */
export type MemberChange =
  | { readonly kind: 'add' | 'remove'; readonly ids: readonly string[] }
  /** To exactly these; none empties the group. */
  | { readonly kind: 'replace'; readonly ids: readonly string[] };

export const isMemberEdit = ({ target }: Edit): boolean => target.attribute.name === 'members';

/** What an operation on `members` does, in every way that providers write it. */
export function memberChangeOf({ op, target, filter, value }: Edit): MemberChange {
  if (target.sub) throw new ScimError('mutability', 'What is said of a member is decided by this service.');
  if (filter) {
    if (op !== 'remove')
      throw new ScimError(
        'mutability',
        'A member is added or removed; nothing about a member can be changed.',
      );
    return { kind: 'remove', ids: idsIn(filter) };
  }
  if (op === 'remove' && (value === undefined || value === null)) return { kind: 'replace', ids: [] }; // all of them
  return { kind: op, ids: memberIds(value) };
}

/** Of a list of members, or of one. A list that names nobody is an empty list, never all. */
export function memberIds(members: unknown): string[] {
  const listed: unknown[] = Array.isArray(members)
    ? members
    : members === undefined || members === null
      ? []
      : [members];
  return listed.map((member) => {
    const id = isObject(member) ? member.value : member;
    if (typeof id !== 'string')
      throw new ScimError('invalidValue', 'A member is named by its value, the id of a user.');
    return id;
  });
}

/** `value eq "a" or value eq "b"`: anything else would mean reading all members to find out whom it means. */
function idsIn(filter: Filter): string[] {
  if (filter.kind === 'or') return [...idsIn(filter.left), ...idsIn(filter.right)];
  const names =
    filter.kind === 'compare' && filter.operator === 'eq' && filter.path.name.toLowerCase() === 'value';
  if (!names || typeof filter.value !== 'string')
    throw new ScimError('invalidFilter', 'Members are chosen by their value: members[value eq "…"].');
  return [filter.value];
}
