import { Injectable, Logger } from '@nestjs/common';
import { LimitedLog } from '../../../../common/logging/limited-log.js';
import { getOrThrow, required } from '../../../../common/collections.js';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import type { AuditDetails } from '../../../audit/index.js';
import { AcceptInvitation } from '../../../invitations/index.js';
import {
  createdByRule,
  type MembershipChanges,
  membershipFacts,
  OrgMembersService,
  SourcedMemberships,
  WorkspaceMembersService,
} from '../../../members/index.js';
import { ORG_ADMIN_ID, systemRole } from '../../../roles/index.js';
import { SynchronizedMembersRepository } from '../../../user-groups/index.js';
import { groupChanges, type ResolvedGroups } from './resolve-claimed-groups.js';
import type { SignInContext } from './sign-in-context-loader.js';
import type { SignInRefusalReason, SignInRule } from './sign-in-decision.js';

const SOURCE = 'sso_group';
const ORG_USER = systemRole('ORGANIZATION_USER').id;
/** Roles above Organization User, the role of just-in-time provisioning. */
const RAISES: ReadonlySet<string> = new Set([ORG_ADMIN_ID, systemRole('ORGANIZATION_OPERATOR').id]);

const WARNING_MS = 60_000;
const GROUPS_NOT_SENT =
  'the identity provider did not send the groups of a user who signed in, probably too many for one token: roles and ' +
  'user groups stay as they are; see docs/sso.md';

/** What groups did, for the audit log: what became of the claim, and the memberships. */
type Applied = { readonly details: AuditDetails; readonly changes: MembershipChanges };
type AppliedOrgRole = {
  readonly orgRole: string;
  readonly orgChanged: MembershipChanges['orgChanged'] & object;
};

const NOTHING: Applied = { details: {}, changes: {} };
const unchanged = (orgRole: string): AppliedOrgRole => ({ orgRole, orgChanged: [] });

const toDetails = ({ details, changes }: Applied, others: MembershipChanges = {}): AuditDetails => ({
  ...details,
  ...membershipFacts({
    ...changes,
    orgAdded: others.orgAdded ?? [],
    added: [...(others.added ?? []), ...(changes.added ?? [])],
  }),
});

/** The user who signs in, and the id of the audit entry of the sign-in. */
type SignedIn = { readonly userId: string; readonly auditEntryId: string };

/**
 * Applies a sign-in decision (docs/contract/sign-in.md#just-in-time-role). Groups come before the defaults, so the role
 * of a group wins in a shared workspace; existing memberships stay unchanged.
 */
@Injectable()
export class GrantAccess {
  private readonly log = new LimitedLog(new Logger('SingleSignOn'), WARNING_MS);

  constructor(
    private readonly acceptInvitation: AcceptInvitation,
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly memberships: SourcedMemberships,
    private readonly following: SynchronizedMembersRepository,
  ) {}

  async run(rule: SignInRule, signedIn: SignedIn, context: SignInContext): Promise<AuditDetails> {
    if (rule === 'jit') return this.provision(signedIn, context);
    if (rule !== 'invitation') return toDetails(await this.applyGroups(rule, signedIn, context));
    const invitation = required(context.person.pendingInvitation, 'the pending invitation');
    const changes = await this.acceptInvitation.acceptOne(invitation, signedIn);
    const groups = await this.applyGroups(rule, signedIn, context);
    return { invitation_id: invitation.id, ...toDetails(groups, changes) };
  }

  /** Revokes what groups gave to a member who has left every required group; returns it for the audit log. */
  async revokeGroupAccess(
    { refusal }: { refusal: SignInRefusalReason },
    context: SignInContext,
    auditEntryId: string,
  ): Promise<AuditDetails> {
    const { access, user } = context.person;
    if (refusal !== 'no_required_group' || access !== 'active' || !user) return {};
    return toDetails(await this.applyGroups('existing_access', { userId: user.id, auditEntryId }, context));
  }

  private async provision(signedIn: SignedIn, context: SignInContext): Promise<AuditDetails> {
    const { org, provisioning } = context;
    const { userId, auditEntryId } = signedIn;
    const provenance = createdByRule('jit', auditEntryId);
    const { workspaceIds, workspaceRoleId: roleId, source } = provisioning;
    const workspaceMembers = workspaceIds.map((workspaceId) => ({ workspaceId, userId, roleId, provenance }));
    const addToWorkspaces = async () => {
      const ofGroups = await this.applyGroups('jit', signedIn, context);
      return [ofGroups, await this.workspaceMembers.addAll(org.id, workspaceMembers)] as const;
    };
    const [newMembers, [groups, added]] = await awaitAll([
      this.members.add(org.id, [{ userId, roleId: ORG_USER, provenance }]),
      addToWorkspaces(),
    ]);
    const defaults = { source, workspace_ids: workspaceIds, workspace_role_id: roleId };
    const orgAdded = newMembers.has(userId) ? [{ userId, roleId: ORG_USER }] : [];
    return { defaults, ...toDetails(groups, { orgAdded, added }) };
  }

  /** Applies groups to members of the default organization only, because the group settings are its own. */
  private async applyGroups(
    rule: SignInRule,
    signedIn: SignedIn,
    { org, person, provisioning, groups }: SignInContext,
  ): Promise<Applied> {
    const isMember = person.access === 'active' || rule === 'invitation' || rule === 'jit';
    if (!provisioning.groups || !isMember) return NOTHING;
    if (!groups) {
      this.log.warn(GROUPS_NOT_SENT);
      return { details: { groups: 'not_sent' }, changes: {} };
    }
    const { joined, left } = await this.following.applyClaim(org.id, signedIn.userId, groups.followed);
    const userGroups: AuditDetails =
      joined.length + left.length > 0 ? { joined_user_group_ids: joined, left_user_group_ids: left } : {};
    const roles = provisioning.groups.grantRoles ? await this.applyRoles(org.id, signedIn, groups) : NOTHING;
    return { ...roles, details: { groups: { ...groups.counts, ...roles.details, ...userGroups } } };
  }

  private async applyRoles(
    orgId: string,
    { userId, auditEntryId }: SignedIn,
    resolved: ResolvedGroups,
  ): Promise<Applied> {
    const { orgRole, orgChanged } = await this.applyOrgRole(orgId, userId, systemRole(resolved.orgRole).id);
    const existing = await this.workspaceMembers.listWorkspaceMemberships(orgId, [userId]);
    const { added, changed, removed } = groupChanges(existing, resolved);
    const provenance = createdByRule(SOURCE, auditEntryId);
    const workspaceMembers = added.map((membership) => ({ ...membership, userId, provenance }));
    await this.workspaceMembers.addAll(orgId, workspaceMembers);
    await this.memberships.changeWorkspaceRoles(orgId, SOURCE, changed);
    const removedIds = removed.map(({ id }) => id);
    await this.memberships.removeFromWorkspaces(orgId, SOURCE, removedIds);
    const before = new Map(existing.map((one) => [one.id, one]));
    const details = {
      org_role: orgRole,
      added_workspace_ids: added.map(({ workspaceId }) => workspaceId),
      changed_workspace_ids: changed.map(({ workspaceId }) => workspaceId),
      removed_workspace_ids: removed.map(({ workspaceId }) => workspaceId),
    };
    const changes = {
      orgChanged,
      added: workspaceMembers,
      changed: changed.map(({ id, roleId }) => {
        const membership = getOrThrow(before, id);
        return { ...membership, roleId, fromRoleId: membership.roleId };
      }),
      removed: removed.map(({ id }) => getOrThrow(before, id)),
    };
    return { details, changes };
  }

  /**
   * Groups change the org role of memberships that they created. They take over a membership of just-in-time
   * provisioning if they grant a higher role, unless an admin has set its end; without groups it falls back to Organization
   * User. Memberships of other sources stay unchanged (docs/contract/members.md#provenance).
   */
  private async applyOrgRole(orgId: string, userId: string, requested: string): Promise<AppliedOrgRole> {
    const held = getOrThrow(await this.members.findByUsers(orgId, [userId]), userId);
    const { id, roleId, source } = held;
    const isRaised =
      source === 'jit' && roleId === ORG_USER && held.accessExpiresAt === null && RAISES.has(requested);
    if (source !== SOURCE && !isRaised)
      return unchanged(roleId === requested ? 'as_it_is' : 'given_by_others');
    if (requested === roleId) return unchanged('as_it_is');
    if (roleId === ORG_ADMIN_ID && !(await this.memberships.hasOtherAdmin(orgId, userId)))
      return unchanged('last_admin_stays');
    await this.memberships.changeOrgRole(orgId, id, requested, { from: source, to: SOURCE });
    return { orgRole: 'changed', orgChanged: [{ userId, fromRoleId: roleId, roleId: requested }] };
  }
}
