import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { OrgMembersService, type OrgMembership, WorkspaceRights } from '../members/index.js';
import type { Org } from '../orgs/index.js';
import { mayChoosePasswords, RolesService, systemRole } from '../rbac/index.js';
import { type User, UsersService } from '../users/index.js';
import { WorkspacesService } from '../workspaces/index.js';
import { InvitationsRepository } from './invitations.repository.js';
import { hasExpired } from './invitation-status.js';
import type { Invitation } from './invitation.entity.js';
import type { InviteFacts, InviteRights, InviteRow } from './invite-rights.js';
import { InviteTerms } from './invite-terms.js';

/** Who the people of a batch are today, and all that the rule has to know. */
export type Census = {
  org: Org;
  facts: InviteFacts;
  users: ReadonlyMap<string, User>;
  memberOf: (email: string) => OrgMembership | null;
  pendingOf: (email: string) => Invitation | null;
  /** Whether that one had run out when stock was taken: one answer for the whole batch. */
  hasRunOut: (email: string) => boolean;
  hasSeat: (email: string) => boolean;
};

/** The workspaces that the rows name, as far as the organization has them, with what the caller holds there. */
@Injectable()
export class InvitePlaces {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly rights: WorkspaceRights,
  ) {}

  async held(principal: OrgPrincipal, rows: readonly InviteRow[]) {
    const named = unique(rows.flatMap(({ workspaceIds }) => workspaceIds));
    const existing = await this.workspaces.findByIds(principal.orgId, named);
    return this.rights.heldIn(principal, [...existing.keys()]);
  }
}

/** Takes stock for a whole batch: one statement per table, however many rows. Under the roster lock. */
@Injectable()
export class InviteCensus {
  constructor(
    private readonly terms: InviteTerms,
    private readonly roles: RolesService,
    private readonly users: UsersService,
    private readonly members: OrgMembersService,
    private readonly places: InvitePlaces,
    private readonly invitations: InvitationsRepository,
  ) {}

  async take(
    principal: OrgPrincipal,
    rows: readonly InviteRow[],
    by: { rights: InviteRights; fromWorkspaceId: string | null },
  ): Promise<Census> {
    const { orgId } = principal;
    const emails = unique(rows.map(({ email }) => email));
    const { org, closed } = await this.terms.confirm(principal, by.rights);
    const users = await this.users.findByEmails(emails);
    const members = await this.members.findByUsers(
      orgId,
      [...users.values()].map(({ id }) => id),
    );
    const pending = await this.invitations.findPendingByEmails(orgId, emails);
    const waiting = await this.partsOf([...pending.values()]);
    const all = [...rows, ...waiting];
    const waitingBy = Map.groupBy(waiting, ({ email }) => email);
    const runOut = new Set([...pending.values()].filter(hasExpired).map(({ email }) => email));
    const memberOf = (email: string) => members.get(users.get(email)?.id ?? '') ?? null;
    return {
      org,
      users,
      memberOf,
      pendingOf: (email) => pending.get(email) ?? null,
      hasRunOut: (email) => runOut.has(email),
      hasSeat: (email) => memberOf(email) !== null || pending.has(email),
      facts: {
        ...by,
        mayChoosePasswords: mayChoosePasswords(principal),
        closed,
        roles: await this.roles.findByIds(orgId, rolesOf(all)),
        held: await this.places.held(principal, all),
        isNew: (email) => !memberOf(email) && (!pending.has(email) || runOut.has(email)), // it would be made anew
        waiting: (email) => waitingBy.get(email) ?? [],
        isConsumed: () => false,
      },
    };
  }

  /** Of one who waits, nobody asking anything new for him. */
  takeOf(principal: OrgPrincipal, { email }: Invitation, rights: InviteRights): Promise<Census> {
    const row = { ...NOTHING, email, orgRoleId: null };
    return this.take(principal, [row], { rights, fromWorkspaceId: null });
  }

  /** One row for what each invitation gives in the organization, and one for each of its workspaces. */
  private async partsOf(invitations: readonly Invitation[]): Promise<InviteRow[]> {
    if (invitations.length === 0) return [];
    const grants = await this.invitations.listGrants(invitations.map(({ id }) => id));
    const grantsOf = Map.groupBy(grants, ({ invitationId }) => invitationId);
    return invitations.flatMap(({ id, email, orgRoleId }) => {
      const inOrg = { ...NOTHING, email, orgRoleId };
      const inWorkspaces = (grantsOf.get(id) ?? []).map(({ workspaceId, roleId }) => ({
        ...inOrg,
        workspaceIds: [workspaceId],
        workspaceRoleId: roleId,
      }));
      return [inOrg, ...inWorkspaces];
    });
  }
}

const NOTHING = { workspaceIds: [], workspaceRoleId: null, fullName: null, password: null };

const rolesOf = (rows: readonly InviteRow[]) =>
  unique([
    systemRole('ORGANIZATION_USER').id,
    systemRole('WORKSPACE_VIEWER').id,
    ...rows.flatMap(({ orgRoleId, workspaceRoleId }) =>
      [orgRoleId, workspaceRoleId].filter((id) => id !== null),
    ),
  ]);

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
