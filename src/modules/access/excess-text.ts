import { restrictedRoleText } from '../rbac/index.js';
import type { Finding } from './access-comparison.js';

const MOST_NAMES = 5;

/** `who`: the subject. `where`: the workspace. */
type Place = { readonly who: string; readonly where: string };

/** What exceeds, where, and who can make the change. */
export function excessText({ reason, grant, policy, permissions }: Finding, { who, where }: Place): string {
  const names = listed(permissions);
  if (reason === 'deny-policy-ends')
    return `The access policy ${policy?.name}, which denies ${names}, would no longer apply to ${who} ${where}. ${OTHERS}`;
  if (reason === 'deny-policy-of-caller')
    return `The access policy ${policy?.name} denies you ${names} ${where} and would not apply to ${who}. ${OTHERS}`;
  if (reason === 'restricted-role') return restrictedRoleText(grant?.role.displayName ?? '');
  const role = `the role ${grant?.role.displayName} ${where}`;
  const what = policy ? `its access policy ${policy.name} allows` : 'it has';
  if (!grant?.groupName)
    return `You may neither grant nor revoke ${role}: ${what} permissions that you do not hold (${names}). ${HOLDERS}`;
  const more = policy ? ` by the access policy ${policy.name}` : '';
  const group = `the user group ${grant.groupName}`;
  if (reason === 'taken') return `${who} has ${role} by ${group} (${names}${more}). ${HOLDERS}`;
  if (reason === 'assigned') return `With ${group}, ${who} would get ${role} (${names}${more}). ${HOLDERS}`;
  return `${who} is in ${group}, which would give ${role} (${names}${more}). ${HOLDERS}`;
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
