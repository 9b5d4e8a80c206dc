import { Injectable } from '@nestjs/common';
import { AccessLimits, type RightsChange } from '../../common/access/access-limits.js';
import type { OrgPrincipal, UserPrincipal } from '../../common/access/principal.js';
import type { ListPage } from '../../common/lists/cursor-list.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import { WorkspacePermissions } from '../user-groups/index.js';
import {
  AccessRequestsReadModel,
  type DecidableTargets,
  type ListedAccessRequest,
  type ManagedPlaces,
  type RequestedTarget,
} from './core/access-requests.read-model.js';
import { type AccessTarget, AccessTargets } from './core/access-targets.read-model.js';
import type { AccessRequestState } from './core/entities.js';
import { AccessRequestNotFound } from './core/errors.js';

export type DescribedAccessRequest = {
  readonly request: ListedAccessRequest;
  readonly isOwn: boolean;
  readonly canDecide: boolean;
};

type RequestFilter = {
  readonly state: AccessRequestState | null;
  readonly mine: boolean;
  readonly toDecide: boolean;
};

/** Access requests as a caller sees them: their own, and those that they could grant. */
@Injectable()
export class AccessRequestsService {
  constructor(
    private readonly rows: AccessRequestsReadModel,
    private readonly targets: AccessTargets,
    private readonly permissions: WorkspacePermissions,
    private readonly limits: AccessLimits,
  ) {}

  /** Newest first. */
  async list(
    principal: OrgPrincipal,
    { state, mine, toDecide }: RequestFilter,
    { after, limit }: ListPage,
  ): Promise<DescribedAccessRequest[]> {
    const { orgId, userId } = principal;
    if (toDecide && (mine || (state !== null && state !== 'pending'))) return [];
    const targets = mine ? [] : await this.findDecidable(principal, null);
    const selection = {
      id: null,
      state: toDecide ? 'pending' : state,
      ownerId: toDecide ? null : userId,
      exceptOwnerId: toDecide ? userId : null,
    } as const;
    const requests = await this.rows.list(orgId, selection, targets, { before: after?.id ?? null, limit });
    return requests.map((request) => describedFor(principal, request));
  }

  /** How many `toDecide` lists; null if the caller manages no members, and so decides none. */
  async countToDecide(principal: OrgPrincipal): Promise<number | null> {
    const places = await this.findManaged(principal);
    if (places?.workspaceIds?.length === 0 && !places.userGroups) return null;
    const { orgId, userId: exceptOwnerId } = principal;
    const selection = { id: null, state: 'pending', ownerId: null, exceptOwnerId } as const;
    return this.rows.count(orgId, selection, await this.findDecidable(principal, null));
  }

  /** @throws AccessRequestNotFound */
  async get(principal: OrgPrincipal, id: string): Promise<DescribedAccessRequest> {
    const { orgId, userId } = principal;
    const targets = await this.findDecidable(principal, id);
    const selection = { id, state: null, ownerId: userId, exceptOwnerId: null };
    const [request] = await this.rows.list(orgId, selection, targets, { before: null, limit: 1 });
    if (!request) throw new AccessRequestNotFound();
    return describedFor(principal, request);
  }

  /** By name. */
  listTargets({ orgId, userId }: OrgPrincipal & UserPrincipal, page: ListPage): Promise<AccessTarget[]> {
    return this.targets.list(orgId, userId, page);
  }

  /** Null: all, with any role. */
  private async findManaged(principal: OrgPrincipal): Promise<ManagedPlaces | null> {
    if (mayGrantOrgAdmin(principal)) return null;
    return {
      workspaceIds: await this.permissions.listWith(principal, 'workspaces:manage-members'),
      userGroups: principal.can('organization:user-groups:manage-members'),
    };
  }

  /** What the caller could give to somebody who has nothing (docs/contract/members.md#no-escalation). */
  private async findDecidable(principal: OrgPrincipal, requestId: string | null): Promise<DecidableTargets> {
    const places = await this.findManaged(principal);
    if (!places) return null;
    const targets = await this.rows.listTargets(principal.orgId, places, requestId);
    const changes = targets.map(changesFor);
    const excessOf = await this.limits.load(principal, changes.flat());
    return targets.filter((_, index) => changes[index]?.every((change) => excessOf(change) === null));
  }
}

function describedFor({ userId }: OrgPrincipal, request: ListedAccessRequest): DescribedAccessRequest {
  const isOwn = request.requesterId === userId;
  return { request, isOwn, canDecide: request.state === 'pending' && !isOwn };
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
