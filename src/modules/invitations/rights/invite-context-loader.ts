import { Injectable } from '@nestjs/common';
import { RightsChanged } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import { awaitAll } from '../../../database/await-all.js';
import { type HeldPermissions, WorkspacePermissions } from '../../user-groups/index.js';
import { type Org, OrgsService } from '../../orgs/index.js';
import { mayChoosePasswords, type OrgRole, RolesService } from '../../rbac/index.js';
import { InviteSettings } from '../../settings/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { CLOSED_REASONS, closedBy } from './closed-org.js';
import {
  type InviteFacts,
  type InviteOrigin,
  inviteRights,
  type InviteRow,
  orgRoleOf,
  workspaceRoleOf,
} from './invite-rights.js';
import { type InvitedPeople, InvitedPeopleLoader } from './invited-people-loader.js';

/** Everything that is loaded to decide a request; `facts` is what the rule needs of it. */
export type InviteContext = Omit<InvitedPeople, 'facts'> & { org: Org; facts: InviteFacts };

/** Loads the context of a request under the roster lock, with one statement per table, most of them in one round trip. */
@Injectable()
export class InviteContextLoader {
  constructor(
    private readonly orgs: OrgsService,
    private readonly settings: InviteSettings,
    private readonly people: InvitedPeopleLoader,
    private readonly roles: RolesService,
    private readonly workspaces: WorkspacesService,
    private readonly permissions: WorkspacePermissions,
  ) {}

  /** @throws RightsChanged if the caller's rights changed with a switch while the request waited for the lock */
  async load(
    principal: OrgPrincipal,
    rows: readonly InviteRow[],
    { rights, fromWorkspaceId, addsMembers }: InviteOrigin,
  ): Promise<InviteContext> {
    const { orgId } = principal;
    const emails = unique(rows.map(({ email }) => email));
    const [org, { facts: people, ...found }, requested] = await awaitAll([
      this.orgs.get(orgId),
      this.people.load(orgId, emails),
      this.loadGrantable(principal, rows),
    ]);
    if (inviteRights(principal, this.settings.allowsWorkspaceAdmins(org)) !== rights)
      throw new RightsChanged();
    const parts = [...people.values()].flatMap(({ invitationParts }) => invitationParts);
    const { roles, heldPermissions } =
      parts.length === 0 ? requested : await this.loadGrantable(principal, [...rows, ...parts]);
    const closed = closedBy(org);
    return {
      ...found,
      org,
      facts: {
        rights,
        fromWorkspaceId,
        addsMembers,
        mayChoosePasswords: mayChoosePasswords(principal),
        closedReason: closed && CLOSED_REASONS[closed],
        roles,
        heldPermissions,
        people,
      },
    };
  }

  /** The roles of the rows, and what the caller may grant in their workspaces. */
  private async loadGrantable(
    principal: OrgPrincipal,
    rows: readonly InviteRow[],
  ): Promise<Pick<InviteFacts, 'roles' | 'heldPermissions'>> {
    const [roles, heldPermissions] = await awaitAll([
      this.findRoles(principal.orgId, rows),
      this.findHeldPermissions(principal, rows),
    ]);
    return { roles, heldPermissions };
  }

  private findRoles(orgId: string, rows: readonly InviteRow[]): Promise<Map<string, OrgRole>> {
    return this.roles.findOrgRoles(
      orgId,
      unique(rows.flatMap((row) => [orgRoleOf(row), workspaceRoleOf(row)])),
    );
  }

  /** The caller's permissions in those requested workspaces that exist in the organization. */
  private async findHeldPermissions(
    principal: OrgPrincipal,
    rows: readonly InviteRow[],
  ): Promise<Map<string, HeldPermissions>> {
    const requestedIds = unique(rows.flatMap(({ workspaceIds }) => workspaceIds));
    const existing = await this.workspaces.findByIds(principal.orgId, requestedIds);
    return this.permissions.findHeld(principal, [...existing.keys()]);
  }
}
