import { Injectable } from '@nestjs/common';
import { unique } from '../../common/collections.js';
import { findExcess } from './access-comparison.js';
import { AccessHoldings } from './access-holdings.read-model.js';
import { LoadedAccess } from './loaded-access.js';

/** A workspace role in some workspaces, and a user without Organization Admin rank to compare it with. */
export type ComparedRole = {
  readonly userId: string;
  readonly roleId: string;
  readonly workspaceIds: readonly string[];
};

/** Compares roles with what users currently hold (docs/contract/members.md#no-escalation). */
@Injectable()
export class RightsBeyondUsers {
  constructor(private readonly holdings: AccessHoldings) {}

  /** What the user could not give in one of the workspaces; in one statement. */
  async find<Role extends ComparedRole>(orgId: string, roles: readonly Role[]): Promise<ReadonlySet<Role>> {
    if (roles.length === 0) return new Set();
    const rows = await this.holdings.load(orgId, {
      members: roles.flatMap(({ userId, workspaceIds }) =>
        workspaceIds.map((workspaceId) => ({ memberId: userId, workspaceId })),
      ),
      roleIds: unique(roles.map(({ roleId }) => roleId)),
      policyIds: [],
      changedGroups: [],
    });
    // That a role is restricted says who may assign it, not that it gives more.
    const access = new LoadedAccess({
      ...rows,
      roles: rows.roles.map((role) => ({ ...role, isRestricted: false })),
    });
    const exceeds = ({ userId, roleId, workspaceIds }: Role): boolean =>
      workspaceIds.some((workspaceId) => {
        const held = access.holdingsOf({ userId }, workspaceId);
        const given = access.changesOf({ subject: HOLDER, workspaceId, roleId });
        return given.some((change) => findExcess(held, change) !== null);
      });
    return new Set(roles.filter(exceeds));
  }
}

/** The holder of the role has nothing else. */
const HOLDER = { roleId: null, name: '' };
