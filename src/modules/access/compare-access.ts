import { Injectable } from '@nestjs/common';
import {
  type AccessCaller,
  type AccessChange,
  AccessLimits,
  type Excess,
  type ExcessOf,
} from '../../common/access/access-limits.js';
import { ChangeExceedsRights } from '../../common/access/access.errors.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { unique } from '../../common/collections.js';
import type { DomainError, Problem } from '../../common/errors/domain-error.js';
import { mayGrantOrgAdmin, RoleIsRestricted, RoleNotGrantable } from '../roles/index.js';
import { UserGroupExceedsRights } from '../user-groups/index.js';
import { findExcess } from './access-comparison.js';
import { AccessHoldings, type AccessScope } from './access-holdings.read-model.js';
import { excessOf, tagExcessText } from './excess-text.js';
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
    changes: readonly AccessChange[],
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

type Problems = { readonly problems?: readonly Problem[] };

function refusalOf(
  { reason, isRequested, roleName, groupName, message }: Excess,
  options: Problems,
): DomainError {
  if (roleName !== null && reason === 'restricted-role') return new RoleIsRestricted(roleName, options);
  if (!isRequested) return new ChangeExceedsRights(message, options);
  if (roleName !== null && groupName === null) return new RoleNotGrantable(roleName, message);
  return new UserGroupExceedsRights(message, options);
}

/** What must be loaded to compare the changes with what the caller holds. */
function accessScope(caller: ComparedCaller, changes: readonly AccessChange[]): AccessScope {
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

function placesOfCaller(caller: ComparedCaller, changes: readonly AccessChange[]): AccessScope['members'] {
  if (!('userId' in caller) || caller.userId === null) return [];
  const memberId = caller.userId;
  return unique(changes.flatMap(({ workspaceId }) => workspaceId ?? [])).map((workspaceId) => ({
    memberId,
    workspaceId,
  }));
}

const placeOfSubject = ({ subject, workspaceId }: AccessChange): AccessScope['members'] =>
  'memberId' in subject && workspaceId !== null ? [{ memberId: subject.memberId, workspaceId }] : [];

const rolesOf = ({ subject, roleId }: AccessChange): string[] =>
  ['roleId' in subject ? subject.roleId : null, roleId ?? null].filter((id) => id !== null);
