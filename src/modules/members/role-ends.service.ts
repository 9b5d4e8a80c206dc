import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import type { AccessScope } from '../../common/access/permissions.js';
import { mayGrant, RolesService } from '../roles/index.js';
import { AccessEnds, changeOfEnd } from './core/access-ends.repository.js';
import { EndBroughtForward } from './core/members.events.js';
import { AccessEndManagedByProvider } from './core/members.errors.js';
import type { MembershipSource } from './core/provenance.js';
import type { AuditDetails } from '../audit/index.js';
import {
  END_FIELD,
  problemOf,
  type RequestedRole,
  REVERSION_FIELD,
  roleAfter,
  type RoleUntil,
} from './core/role-end.js';

type Held = RoleUntil & { readonly source: MembershipSource };

/** Temporary roles and their ends (docs/contract/members.md#access-that-ends). */
@Injectable()
export class RoleEndsService {
  constructor(
    private readonly roles: RolesService,
    private readonly ends: AccessEnds,
    private readonly events: EventBus,
  ) {}

  /** Of a new member. @throws ValidationFailed for an end that is too soon or too late, RoleNotFound */
  async check(orgId: string, roleId: string, at: Date | null, scope: AccessScope): Promise<void> {
    await this.ends.check([{ at, loc: END_FIELD }]);
    await this.roles.get(orgId, roleId, scope);
  }

  /** After an end was written. Returns details for the entry of the change. */
  async endCredentialsEarlier(orgId: string, before: Date | null, after: Date | null): Promise<AuditDetails> {
    if (changeOfEnd(before, after) !== 'taken') return {};
    const event = new EndBroughtForward(orgId);
    await this.events.publish(event);
    const { credentialIds: ids } = event;
    return ids.length > 0 ? { credentials_ending_earlier: ids } : {};
  }

  /** For a caller who may give and take it. @throws ValidationFailed, RoleNotFound, AccessEndManagedByProvider */
  async resolve(
    principal: OrgPrincipal,
    held: Held,
    requested: RequestedRole,
    scope: AccessScope,
  ): Promise<RoleUntil> {
    const after = roleAfter(held, requested);
    const isOtherEnd = changeOfEnd(held.accessExpiresAt, after.accessExpiresAt) !== null;
    if (isOtherEnd) await this.ends.check([{ at: after.accessExpiresAt, loc: END_FIELD }]);
    const role = await this.roles.get(principal.orgId, after.roleId, scope);
    if (after.revertsToRoleId !== null) {
      const next = await this.roles.get(principal.orgId, after.revertsToRoleId, scope);
      if (!mayGrant(new Set(role.permissions), next.permissions))
        throw problemOf(REVERSION_FIELD, 'may have no permission that the role before it lacks');
    }
    const isProvided = held.source === 'scim' || held.source === 'sso_group';
    if (isProvided && after.accessExpiresAt !== null) throw new AccessEndManagedByProvider();
    return after;
  }
}
