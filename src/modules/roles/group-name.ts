import { inNfc } from '../../common/place-name.js';
import type { SystemRoleName } from './system-roles.js';

/** The organization role beside a workspace in a group's name; a group of admins has no workspace. */
export type MemberRoleName = Exclude<Extract<SystemRoleName, `ORGANIZATION_${string}`>, 'ORGANIZATION_ADMIN'>;

/** One way to read the name of a workspace group. */
type ParsedWorkspaceRole = { orgRole: MemberRoleName; workspaceName: string; roleName: string };

/** The possible meanings of a name, before the workspaces and roles are known. */
export type ParsedGroupName = { isAdmin: boolean; workspaces: readonly ParsedWorkspaceRole[] };

const ORG_ROLE = /organization ?(admins?|operator|user|viewer)/gi;

const MEMBER_ROLES: Readonly<Record<string, MemberRoleName>> = {
  operator: 'ORGANIZATION_OPERATOR',
  user: 'ORGANIZATION_USER',
  viewer: 'ORGANIZATION_VIEWER',
};

/** These end a prefix whatever the organization's separator is. */
const PREFIX_ENDINGS = [':', '-', '_'];

/**
 * Parses the name of a group (docs/contract/scim.md#group-names): `<prefix>Organization Admin(s)`, or
 * `<prefix><organization role><separator><workspace><separator><workspace role>`. A prefix has to end with a
 * separator: "Former Organization Admins" is no group of admins. Names of workspaces and roles may contain the
 * separator, so every split is returned.
 */
export function parseGroupName(name: string, separator: string): ParsedGroupName {
  let isAdmin = false;
  const workspaces: ParsedWorkspaceRole[] = [];
  for (const { index, 0: token, 1: role = '' } of name.matchAll(ORG_ROLE)) {
    if (!isPrefix(name.slice(0, index), separator)) continue;
    const remainder = name.slice(index + token.length);
    const orgRole = MEMBER_ROLES[role.toLowerCase()];
    if (orgRole)
      workspaces.push(...candidateSplits(remainder, separator).map((split) => ({ orgRole, ...split })));
    else if (remainder === '') isAdmin = true;
  }
  return { isAdmin, workspaces };
}

const isPrefix = (text: string, separator: string): boolean =>
  text === '' || [separator, ...PREFIX_ENDINGS].some((end) => text.endsWith(end));

/** Empty if `remainder` does not begin with the separator. */
function candidateSplits(
  remainder: string,
  separator: string,
): { workspaceName: string; roleName: string }[] {
  if (!remainder.startsWith(separator)) return [];
  const names = remainder.slice(separator.length);
  const splits = [];
  for (let at = names.indexOf(separator); at !== -1; at = names.indexOf(separator, at + 1)) {
    const split = { workspaceName: inNfc(names.slice(0, at)), roleName: names.slice(at + separator.length) };
    if (split.workspaceName !== '' && split.roleName !== '') splits.push(split);
  }
  return splits;
}
