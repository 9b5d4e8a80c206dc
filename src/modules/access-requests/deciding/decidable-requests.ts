import { Injectable } from '@nestjs/common';
import { AccessLimits, type RightsChange } from '../../../common/access/access-limits.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { mayGrantOrgAdmin } from '../../roles/index.js';
import { WorkspacePermissions } from '../../user-groups/index.js';
import {
  AccessRequestsReadModel,
  type DecidableTargets,
  type RequestedTarget,
} from '../core/access-requests.read-model.js';

/**
 * What a caller could give to somebody who has nothing yet, by the comparison of docs/contract/members.md#no-escalation:
 * they see the requests for it. What the requester has is compared when a request is approved.
 */
@Injectable()
export class DecidableRequests {
  constructor(
    private readonly requests: AccessRequestsReadModel,
    private readonly permissions: WorkspacePermissions,
    private readonly limits: AccessLimits,
  ) {}

  /** Of all requests of the organization, or of the one with this id. */
  async targetsOf(principal: OrgPrincipal, requestId: string | null): Promise<DecidableTargets> {
    if (mayGrantOrgAdmin(principal)) return null;
    const places = {
      workspaceIds: await this.permissions.listWith(principal, 'workspaces:manage-members'),
      userGroups: principal.can('organization:user-groups:manage-members'),
    };
    const targets = await this.requests.listTargets(principal.orgId, places, requestId);
    const changes = targets.map(changesFor);
    const excessOf = await this.limits.load(principal, changes.flat());
    return targets.filter((_, index) => changes[index]?.every((change) => excessOf(change) === null));
  }
}

const SOMEBODY = { roleId: null, name: 'the requester' };

const changesFor = (target: RequestedTarget): RightsChange[] =>
  target.userGroupId === null
    ? [{ subject: SOMEBODY, workspaceId: target.workspaceId, roleId: target.roleId }]
    : target.grants.map(({ id, name, workspaceId, ...after }) => ({
        subject: SOMEBODY,
        workspaceId,
        groups: [{ id, name, before: null, after }],
      }));
