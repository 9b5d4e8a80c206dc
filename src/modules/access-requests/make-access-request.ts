import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, UserPrincipal } from '../../common/access/principal.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { isOrgAdmin, systemRole } from '../roles/index.js';
import { AccessRequestsRepository, type NewAccessRequest } from './core/access-requests.repository.js';
import {
  AccessAlreadyHeld,
  AccessIsTemporary,
  AccessManagedByProvider,
  AccessRequestsOfDayExhausted,
  AccessTargetNotFound,
  TooManyAccessRequests,
} from './core/errors.js';
import { AccessRequestMailsRepository } from './core/access-request-mails.repository.js';
import { type AccessTarget, AccessTargets } from './core/access-targets.read-model.js';

/** `roleId`: of a workspace; null for Viewer. */
export type AskedFor = Pick<NewAccessRequest, 'reason' | 'durationSeconds'> &
  (
    | { readonly kind: 'workspace'; readonly id: string; readonly roleId: string | null }
    | { readonly kind: 'group'; readonly id: string }
  );

const MOST_OPEN = 10;
const MOST_OF_DAY = 20;

/** A member asks for access (docs/contract/access-requests.md#asking). */
@Injectable()
export class MakeAccessRequest {
  constructor(
    private readonly targets: AccessTargets,
    private readonly requests: AccessRequestsRepository,
    private readonly mails: AccessRequestMailsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Returns the id of the request.
   *
   * @throws AccessTargetNotFound, AccessManagedByProvider, AccessAlreadyHeld, AccessIsTemporary, AccessRequestOpen, TooManyAccessRequests or
   *   AccessRequestsOfDayExhausted
   */
  run(principal: OrgPrincipal & UserPrincipal, asked: AskedFor): Promise<string> {
    const { orgId, userId } = principal;
    return this.transaction.as(principal, async () => {
      const target = await this.targets.find(orgId, userId, asked);
      if (!target) throw new AccessTargetNotFound();
      const place = await this.placeOf(orgId, asked, target);
      if (target.isManagedByProvider) throw new AccessManagedByProvider();
      const isHeld = target.isMember && place.fromRoleId === place.roleId;
      if (isHeld || (target.kind === 'workspace' && isOrgAdmin(principal))) throw new AccessAlreadyHeld();
      if (target.isTemporary) throw new AccessIsTemporary();
      const { reason, durationSeconds } = asked;
      const id = newId();
      await this.requests.insert({ ...place, id, orgId, requesterId: userId, reason, durationSeconds });
      await this.assertWithinLimits(orgId, userId);
      const scope = { workspaceId: place.workspaceId, details: factsOf(place, durationSeconds) };
      await this.audit.record(principal, 'create_access_request', [id], scope);
      await this.mails.queueForDeciders(id);
      return id;
    });
  }

  private async placeOf(orgId: string, asked: AskedFor, target: AccessTarget): Promise<RequestedPlace> {
    if (asked.kind === 'group')
      return { workspaceId: null, roleId: null, fromRoleId: null, userGroupId: asked.id };
    const roleId = asked.roleId ?? systemRole('WORKSPACE_VIEWER').id;
    if (!(await this.targets.findRole(orgId, roleId))) throw new AccessTargetNotFound();
    return { workspaceId: asked.id, roleId, fromRoleId: target.roleId, userGroupId: null };
  }

  /** After the insert, under the roster lock. */
  private async assertWithinLimits(orgId: string, userId: string): Promise<void> {
    const { open, ofDay, secondsUntilOldestIsADayOld } = await this.requests.countOf(orgId, userId);
    if (ofDay > MOST_OF_DAY) throw new AccessRequestsOfDayExhausted(secondsUntilOldestIsADayOld);
    if (open > MOST_OPEN) throw new TooManyAccessRequests();
  }
}

type RequestedPlace = Pick<NewAccessRequest, 'workspaceId' | 'roleId' | 'fromRoleId' | 'userGroupId'>;

const factsOf = ({ roleId, userGroupId }: RequestedPlace, durationSeconds: number | null) => ({
  ...(roleId === null ? {} : { role_id: roleId }),
  ...(userGroupId === null ? {} : { user_group_id: userGroupId }),
  ...(durationSeconds === null ? {} : { duration_seconds: durationSeconds }),
});
