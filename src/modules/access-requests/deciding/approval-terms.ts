import { Injectable } from '@nestjs/common';
import type { ListedAccessRequest } from '../core/access-requests.read-model.js';
import { AccessRequestsRepository } from '../core/access-requests.repository.js';
import { AccessTargets } from '../core/access-targets.read-model.js';
import {
  AccessAlreadyHeld,
  AccessIsTemporary,
  AccessManagedByProvider,
  AccessRequestOutdated,
  ApprovalExceedsRequest,
} from '../core/errors.js';

/** Absent: as requested. */
export type Approval = { readonly roleId?: string; readonly accessExpiresAt?: Date | null };

/** `roleId`: in the workspace; null for a user group. `accessExpiresAt` null: permanently. */
export type GivenAccess = { readonly roleId: string | null; readonly accessExpiresAt: Date | null };

/** What an approval gives: what was asked for, or less (docs/contract/access-requests.md#deciding). */
@Injectable()
export class ApprovalTerms {
  constructor(
    private readonly requests: AccessRequestsRepository,
    private readonly targets: AccessTargets,
  ) {}

  /** @throws AccessRequestOutdated, AccessManagedByProvider, AccessIsTemporary, AccessAlreadyHeld or ApprovalExceedsRequest */
  async of(request: ListedAccessRequest, approval: Approval): Promise<GivenAccess> {
    await this.assertStillValid(request);
    const roleId = await this.roleOf(request, approval);
    return { roleId, accessExpiresAt: await this.endOf(request, approval) };
  }

  private async assertStillValid(request: ListedAccessRequest): Promise<void> {
    const { orgId, requesterId, workspaceId, userGroupId, fromRoleId } = request;
    const target = await this.targets.find(
      orgId,
      requesterId,
      workspaceId === null
        ? { kind: 'group', id: userGroupId ?? '' }
        : { kind: 'workspace', id: workspaceId },
    );
    if (!target || target.roleId !== fromRoleId) throw new AccessRequestOutdated();
    if (target.isManagedByProvider) throw new AccessManagedByProvider();
    if (target.isTemporary) throw new AccessIsTemporary();
    if (target.kind === 'group' && target.isMember) throw new AccessAlreadyHeld();
  }

  /** @throws AccessRequestOutdated if members may not ask for the requested role any more, AccessAlreadyHeld */
  private async roleOf(
    { orgId, roleId, fromRoleId }: ListedAccessRequest,
    approval: Approval,
  ): Promise<string | null> {
    if (roleId === null) {
      if (approval.roleId === undefined) return null;
      throw new ApprovalExceedsRequest('role_id', 'The request is for a user group');
    }
    if (!(await this.targets.findRole(orgId, roleId))) throw new AccessRequestOutdated();
    const given = approval.roleId ?? roleId;
    if (!(await this.targets.isRoleWithin(orgId, { id: given, otherId: roleId })))
      throw new ApprovalExceedsRequest('role_id', 'Choose a role that gives no more than the requested one');
    if (given === fromRoleId) throw new AccessAlreadyHeld();
    return given;
  }

  /** By the database's clock. */
  private async endOf(
    { durationSeconds }: ListedAccessRequest,
    { accessExpiresAt }: Approval,
  ): Promise<Date | null> {
    if (durationSeconds === null) return accessExpiresAt ?? null;
    const latest = await this.requests.endAfter(durationSeconds);
    if (accessExpiresAt === undefined) return latest;
    if (accessExpiresAt === null || accessExpiresAt > latest)
      throw new ApprovalExceedsRequest('access_expires_at', 'Choose a time within the requested duration');
    return accessExpiresAt;
  }
}
