import { Injectable } from '@nestjs/common';
import {
  type AccessCaller,
  AccessLimits,
  type EndOf,
  type Excess,
  type ExcessOf,
  type RightsChange,
} from '../../common/access/access-limits.js';
import { ChangeExceedsRights } from '../../common/access/access.errors.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { listedNames, unique } from '../../common/collections.js';
import type { DomainError, Problem } from '../../common/errors/domain-error.js';
import { mayGrantOrgAdmin, restrictedRoleText, RoleIsRestricted, RoleNotGrantable } from '../roles/index.js';
import { UserGroupExceedsRights } from '../user-groups/index.js';
import { type ComparedChange, findExcess, type Finding } from './access-comparison.js';
import { AccessHoldings, type AccessScope } from './access-holdings.read-model.js';
import { type ComparedCaller, LoadedAccess } from './loaded-access.js';
import { OwnEnds } from './own-ends.read-model.js';

@Injectable()
export class CompareAccess extends AccessLimits {
  constructor(
    private readonly holdings: AccessHoldings,
    private readonly ownEnds: OwnEnds,
  ) {
    super();
  }

  async load(principal: AccessCaller, changes: readonly RightsChange[]): Promise<ExcessOf> {
    if (mayGiveEverything(principal) || changes.length === 0) return () => null;
    const caller = comparedCaller(principal);
    const access = new LoadedAccess(await this.holdings.load(principal.orgId, accessScope(caller, changes)));
    return (change) => {
      const { subject, workspaceId } = change;
      const held = access.holdingsOf(caller, workspaceId);
      const where = placeText(workspaceId, principal.workspaceId);
      for (const compared of access.changesOf(change)) {
        const finding = findExcess(held, compared);
        if (finding) return excessOf(finding, compared, { who: access.nameOf(subject), where });
      }
      return null;
    };
  }

  async assertWithin(
    principal: AccessCaller,
    changes: readonly RightsChange[],
    rows?: readonly Problem['loc'][],
  ): Promise<void> {
    const excessOfChange = await this.load(principal, changes);
    const found = changes.flatMap((change, index) => {
      const excess = excessOfChange(change);
      return excess ? [{ excess, loc: rows?.[index] }] : [];
    });
    const [first] = found;
    if (!first) return;
    const problems = found.flatMap(({ excess, loc }) =>
      loc ? [{ loc, msg: excess.message, type: 'forbidden' }] : [],
    );
    throw refusalOf(first.excess, rows ? { problems } : {});
  }

  isTemporary(caller: OrgPrincipal): Promise<boolean> {
    return this.ownEnds.isTemporary(caller);
  }

  loadEnds(caller: OrgPrincipal): Promise<EndOf> {
    return this.ownEnds.load(caller);
  }

  loadEndsOf(orgId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, EndOf>> {
    return this.ownEnds.loadOf(orgId, userIds);
  }

  async assertMayWriteTags(principal: WorkspacePrincipal, keys: readonly string[]): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    const { orgId, workspaceId, workspaceRole } = principal;
    for (const policy of await this.holdings.listPoliciesOfTags(orgId, workspaceId, keys)) {
      const missing = policy.permissions.filter((name) => !workspaceRole?.permissions.has(name));
      if (missing.length > 0) throw new ChangeExceedsRights(tagExcessText(policy, missing));
    }
  }
}

function placeText(workspaceId: string | null, here: string | null): string {
  if (workspaceId === null) return 'in all workspaces';
  return workspaceId === here ? 'here' : `in the workspace ${workspaceId}`;
}

const mayGiveEverything = (principal: AccessCaller): boolean =>
  'makesAdmins' in principal ? principal.makesAdmins : mayGrantOrgAdmin(principal);

function comparedCaller(principal: AccessCaller): ComparedCaller {
  if ('makesAdmins' in principal) return { userId: principal.madeByUserId };
  const { key, userId } = principal;
  return key ? { roleId: key.role.id, workspaceIds: key.workspaceIds } : { userId };
}

function refusalOf(
  { reason, isRequested, roleName, groupName, message }: Excess,
  options: { readonly problems?: readonly Problem[] },
): DomainError {
  if (roleName !== null && reason === 'restricted-role') return new RoleIsRestricted(roleName, options);
  if (!isRequested) return new ChangeExceedsRights(message, options);
  if (roleName !== null && groupName === null) return new RoleNotGrantable(roleName, message);
  return new UserGroupExceedsRights(message, options);
}

function accessScope(caller: ComparedCaller, changes: readonly RightsChange[]): AccessScope {
  const granted = changes.flatMap(({ groups = [] }) =>
    groups.flatMap(({ before, after }) => [before, after].filter((grant) => grant !== null)),
  );
  return {
    members: [...placesOfCaller(caller, changes), ...changes.flatMap(placeOfSubject)],
    roleIds: unique([
      ...('roleId' in caller ? [caller.roleId] : []),
      ...changes.flatMap(rolesOf),
      ...granted.map(({ roleId }) => roleId),
    ]),
    policyIds: unique(granted.flatMap(({ policyIds }) => policyIds)),
    changedGroups: changes.flatMap(({ subject, workspaceId }) =>
      'memberOf' in subject && workspaceId !== null
        ? subject.memberOf.map((groupId) => ({ groupId, workspaceId }))
        : [],
    ),
  };
}

function placesOfCaller(caller: ComparedCaller, changes: readonly RightsChange[]): AccessScope['members'] {
  if (!('userId' in caller) || caller.userId === null) return [];
  const memberId = caller.userId;
  return unique(changes.flatMap(({ workspaceId }) => workspaceId ?? [])).map((workspaceId) => ({
    memberId,
    workspaceId,
  }));
}

const placeOfSubject = ({ subject, workspaceId }: RightsChange): AccessScope['members'] =>
  'memberId' in subject && workspaceId !== null ? [{ memberId: subject.memberId, workspaceId }] : [];

const rolesOf = ({ subject, roleId }: RightsChange): string[] =>
  ['roleId' in subject ? subject.roleId : null, roleId ?? null].filter((id) => id !== null);

/** `who`: the subject. `where`: the workspace. */
type Place = { readonly who: string; readonly where: string };

function excessOf(finding: Finding, { replaced }: ComparedChange, place: Place): Excess {
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
  const names = listedNames(permissions);
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
const tagExcessText = (
  { name, key }: { readonly name: string; readonly key: string },
  permissions: readonly string[],
): string =>
  `The access policy ${name} compares the tag key ${key} and names ${listedNames(permissions)}, which you do not hold here. ${HOLDERS}`;

const HOLDERS = 'An Organization Admin, or a member who holds this, can make the change.';
const OTHERS =
  'An Organization Admin, or a member who holds this and to whom the policy does not apply, can make the change.';

/** Addresses stay as they are. */
const capitalized = (who: string): string => who.replace(/^a (?=member )/, 'A ');
