import { Injectable } from '@nestjs/common';
import {
  type AccessCaller,
  type AccessChange,
  AccessLimits,
  type Excess,
  type ExcessOf,
} from '../../common/access/access-limits.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { unique } from '../../common/collections.js';
import type { DomainError } from '../../common/errors/domain-error.js';
import { mayGrantOrgAdmin, RoleIsRestricted, RoleNotGrantable } from '../rbac/index.js';
import { findExcess, type Finding } from './access-comparison.js';
import { AccessHoldings, type AccessScope } from './access-holdings.read-model.js';
import { ChangeExceedsRights } from './access.errors.js';
import { excessText, tagExcessText } from './excess-text.js';
import { type ComparedCaller, LoadedAccess } from './loaded-access.js';

/** Loads what the caller and the subjects of changes hold, and compares it. */
@Injectable()
export class CompareAccess extends AccessLimits {
  constructor(private readonly holdings: AccessHoldings) {
    super();
  }

  async load(principal: AccessCaller, changes: readonly AccessChange[]): Promise<ExcessOf> {
    if (mayGiveEverything(principal) || changes.length === 0) return () => null;
    const caller = comparedCaller(principal);
    const access = new LoadedAccess(await this.holdings.load(principal.orgId, scopeOf(caller, changes)));
    return (change) => {
      const { subject, workspaceId } = change;
      const compared = access.changeOf(change);
      const finding = compared && findExcess(access.holdingsOf(caller, workspaceId), compared);
      const where = workspaceId === principal.workspaceId ? 'here' : `in the workspace ${workspaceId}`;
      return finding && excessOf(finding, excessText(finding, { who: access.nameOf(subject), where }));
    };
  }

  async assertWithin(principal: AccessCaller, changes: readonly AccessChange[]): Promise<void> {
    const excessOfChange = await this.load(principal, changes);
    for (const change of changes) {
      const excess = excessOfChange(change);
      if (excess) throw refusalOf(excess);
    }
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

const mayGiveEverything = (principal: AccessCaller): boolean =>
  'makesAdmins' in principal ? principal.makesAdmins : mayGrantOrgAdmin(principal);

function comparedCaller(principal: AccessCaller): ComparedCaller {
  if ('makesAdmins' in principal) return { userId: principal.madeByUserId };
  const { key, userId } = principal;
  return key ? { roleId: key.role.id, workspaceIds: key.workspaceIds } : { userId };
}

function scopeOf(caller: ComparedCaller, changes: readonly AccessChange[]): AccessScope {
  const members = changes.flatMap(({ subject, workspaceId }) =>
    'memberId' in subject ? [{ memberId: subject.memberId, workspaceId }] : [],
  );
  const workspaceIds = unique(changes.map(({ workspaceId }) => workspaceId));
  const userId = 'userId' in caller ? caller.userId : null;
  const own = userId === null ? [] : workspaceIds.map((workspaceId) => ({ memberId: userId, workspaceId }));
  const ofGroups = changes.flatMap(({ groups = [] }) =>
    groups.flatMap(({ before, after }) => [before, after].filter((grant) => grant !== null)),
  );
  const roleIds = [
    'roleId' in caller ? caller.roleId : null,
    ...changes.flatMap(({ subject, roleId }) => [
      'roleId' in subject ? subject.roleId : null,
      roleId ?? null,
    ]),
    ...ofGroups.map(({ roleId }) => roleId),
  ];
  return {
    members: [...own, ...members],
    roleIds: unique(roleIds.filter((id) => id !== null)),
    policyIds: unique(ofGroups.flatMap(({ policyIds }) => policyIds)),
  };
}

const excessOf = ({ reason, grant }: Finding, message: string): Excess => ({
  reason,
  roleName: grant?.role.displayName ?? null,
  groupName: grant?.groupName ?? null,
  message,
});

function refusalOf({ reason, roleName, groupName, message }: Excess): DomainError {
  if (roleName !== null && reason === 'restricted-role') return new RoleIsRestricted(roleName);
  if (roleName !== null && groupName === null) return new RoleNotGrantable(roleName, message);
  return new ChangeExceedsRights(message);
}
