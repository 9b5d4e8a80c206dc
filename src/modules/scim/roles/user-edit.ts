import { applyEdits } from '../protocol/patch.js';
import type { Edit } from '../protocol/patch-request.js';
import type { Resource } from '../protocol/resource.js';
import { sameJson } from '../protocol/value.js';

/** A change of a user. `namesRoles`: whether a complete resource has the attribute, possibly without values. */
export type UserEdit =
  | { readonly kind: 'replace'; readonly resource: Resource; readonly namesRoles: boolean }
  | { readonly kind: 'patch'; readonly edits: readonly Edit[] };

const nameOf = ({ target: { extension, attribute } }: Edit): string => extension ?? attribute.name;

export function leavesInactive(
  { isActive, hasEnded }: { readonly isActive: boolean; readonly hasEnded: boolean },
  edit: UserEdit,
): boolean {
  const { active = isActive } =
    edit.kind === 'replace'
      ? edit.resource
      : applyEdits(
          { active: isActive },
          edit.edits.filter((one) => nameOf(one) === 'active'),
        );
  return hasEnded || active === false;
}

/** Whether the edit is one of this attribute; `before` is the user before it. */
export const concerns = (edit: UserEdit, name: string, before: Resource): boolean =>
  edit.kind === 'patch'
    ? edit.edits.some((one) => nameOf(one) === name)
    : !sameJson(edit.resource[name], before[name]);

export function without(edit: UserEdit, name: string, before: Resource): UserEdit {
  if (edit.kind === 'patch') return { ...edit, edits: edit.edits.filter((one) => nameOf(one) !== name) };
  const { [name]: _left, ...others } = edit.resource;
  const { [name]: kept } = before;
  return { ...edit, resource: kept === undefined ? others : { ...others, [name]: kept } };
}
