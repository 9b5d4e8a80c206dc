import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Sql } from '../../../database/sql.js';
import { MemberNotFound, type OrgMembership } from '../../members/index.js';
import { ORG_ADMIN_ID, systemRole } from '../../rbac/index.js';
import { MEMBERSHIPS, PERSON, WORKSPACES } from './member-access-statements.js';

/** By whom something was done: a person, a key, or a person with his key. */
export type Doer = {
  readonly userId: string | null;
  readonly email: string | null;
  readonly credentialId: string | null;
};

/** A membership with all that is known of its origin. */
export type ExplainedMembership = Pick<OrgMembership, 'id' | 'roleId' | 'source' | 'createdAt'> & {
  readonly roleName: string;
  readonly permissions: readonly string[];
  readonly by: Doer | null;
  readonly invitationId: string | null;
  readonly invitedAt: Date | null;
  readonly entryId: string | null;
  readonly changeId: string | null;
  readonly changedAt: Date | null;
  readonly changedBy: Doer | null;
};

type Place = ExplainedMembership & { readonly workspaceId: string; readonly workspaceName: string };

export type ExplainedWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly role: { readonly id: string; readonly name: string; readonly permissions: readonly string[] };
  readonly isByOrgRole: boolean;
  readonly membership: ExplainedMembership | null;
};

type Somebody = {
  readonly id: string;
  readonly userId: string;
  readonly isDisabled: boolean;
  readonly email: string;
  readonly fullName: string | null;
};

export type ExplainedMember = Somebody & {
  readonly membership: ExplainedMembership;
  readonly workspaces: readonly ExplainedWorkspace[];
};

/**
 * Explains what a person may do in an organization, and where each part of it came from. A read model over memberships,
 * invitations and the audit log: three statements, however many workspaces there are. It changes nothing.
 */
@Injectable()
export class MemberAccessReport {
  constructor(private readonly sql: Sql) {}

  /** Everybody may ask about himself, who manages the organization about all of its members. */
  async explain(principal: OrgPrincipal, membershipId: string): Promise<ExplainedMember> {
    const { orgId } = principal;
    const person = await this.sql.row<Somebody>(PERSON, [orgId, membershipId]);
    if (!principal.can('organization:manage') && person?.userId !== principal.userId)
      throw new PermissionMissing('organization:manage');
    if (!person) throw new MemberNotFound();
    const held = await this.sql.rows<Place>(MEMBERSHIPS, [orgId, membershipId]);
    const [membership, ...places] = held;
    if (!membership) throw new MemberNotFound(); // removed between the two statements
    const isAdmin = membership.roleId === ORG_ADMIN_ID;
    const workspaces = isAdmin ? await this.everyWorkspace(orgId, places) : places.map(asMember);
    return { ...person, membership, workspaces };
  }

  private async everyWorkspace(orgId: string, places: readonly Place[]): Promise<ExplainedWorkspace[]> {
    const workspaces = await this.sql.rows<{ id: string; name: string }>(WORKSPACES, [orgId]);
    const placeIn = new Map(places.map((place) => [place.workspaceId, place]));
    return workspaces.map(({ id, name }) => ({
      id,
      name,
      role: ADMIN,
      isByOrgRole: true,
      membership: placeIn.get(id) ?? null,
    }));
  }
}

const { id, displayName: name, permissions } = systemRole('WORKSPACE_ADMIN');
const ADMIN = { id, name, permissions };

const asMember = (place: Place): ExplainedWorkspace => ({
  id: place.workspaceId,
  name: place.workspaceName,
  role: { id: place.roleId, name: place.roleName, permissions: place.permissions },
  isByOrgRole: false,
  membership: place,
});
