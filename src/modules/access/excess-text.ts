import type { Excess } from '../../common/access/access-limits.js';
import { restrictedRoleText } from '../roles/index.js';
import type { ComparedChange, Finding } from './access-comparison.js';

const MOST_NAMES = 5;

/** `who`: the subject. `where`: the workspace. */
type Place = { readonly who: string; readonly where: string };

export function excessOf(finding: Finding, { replaced }: ComparedChange, place: Place): Excess {
  const { reason, grant } = finding;
  const isRequested = grant !== null && replaced.some(({ from, to }) => from === grant || to === grant);
  return {
    reason,
    isRequested,
    roleName: grant?.role.displayName ?? null,
    groupName: grant?.groupName ?? null,
    message: excessText(finding, isRequested, place),
  };
}

/** What exceeds, where, and who can make the change. */
function excessText(
  { reason, grant, policy, permissions }: Finding,
  isRequested: boolean,
  { who, where }: Place,
): string {
  const names = listed(permissions);
  if (reason === 'deny-policy-ends')
    return `The access policy ${policy?.name}, which denies ${names}, would no longer apply to ${who} ${where}. ${OTHERS}`;
  if (reason === 'deny-policy-of-caller')
    return `The access policy ${policy?.name} denies you ${names} ${where} and would not apply to ${who}. ${OTHERS}`;
  if (reason === 'restricted-role') return restrictedRoleText(grant?.role.displayName ?? '');
  const role = `the role ${grant?.role.displayName} ${where}`;
  const more = policy ? ` by the access policy ${policy.name}` : '';
  if (!grant?.groupName && isRequested) {
    const what = policy ? `its access policy ${policy.name} allows` : 'it has';
    return `You may neither grant nor revoke ${role}: ${what} permissions that you do not hold (${names}). ${HOLDERS}`;
  }
  const group = grant?.groupName ? `the user group ${grant.groupName}` : null;
  if (reason === 'taken')
    return `${capitalized(who)} has ${role}${group ? ` by ${group}` : ''} (${names}${more}). ${HOLDERS}`;
  if (reason === 'assigned') {
    const given = policy ? `${names} ${where}${more}` : `${role} (${names})`;
    return `With ${group}, ${who} would get ${given}. ${HOLDERS}`;
  }
  return `${capitalized(who)} is in ${group}, which would give ${role} (${names}${more}). ${HOLDERS}`;
}

/** Why a tag key is not written. `permissions`: what the caller does not hold of what the policy names. */
export const tagExcessText = (
  { name, key }: { readonly name: string; readonly key: string },
  permissions: readonly string[],
): string =>
  `The access policy ${name} compares the tag key ${key} and names ${listed(permissions)}, which you do not hold here. ${HOLDERS}`;

const HOLDERS = 'An Organization Admin, or a member who holds this, can make the change.';
const OTHERS =
  'An Organization Admin, or a member who holds this and to whom the policy does not apply, can make the change.';

function listed(permissions: readonly string[]): string {
  const more = permissions.length - MOST_NAMES;
  return permissions.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Addresses stay as they are. */
const capitalized = (who: string): string => who.replace(/^a (?=member )/, 'A ');
