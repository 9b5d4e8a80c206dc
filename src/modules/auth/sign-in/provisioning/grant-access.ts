import { Injectable, Logger } from '@nestjs/common';
import { LimitedLog } from '../../../../common/logging/limited-log.js';
import { required } from '../../../../common/required.js';
import { awaitAll } from '../../../../database/transactions/await-all.js';
import type { AuditDetails } from '../../../audit/index.js';
import { AcceptInvitation } from '../../../invitations/index.js';
import { OrgMembersService, WorkspaceMembersService, createdByRule } from '../../../members/index.js';
import { systemRole } from '../../../roles/index.js';
import { GroupSync } from './group-sync.js';
import type { SignInContext } from './sign-in-context-loader.js';
import type { SignInRefusalReason, SignInRule } from './sign-in-decision.js';

const WARNING_MS = 60_000;
const GROUPS_NOT_SENT =
  'the identity provider did not send the groups of a user who signed in, probably too many for one token: roles and ' +
  'user groups stay as they are; see docs/sso.md';

/** The user who signs in, and the id of the audit entry of the sign-in. */
type SignedIn = { readonly userId: string; readonly auditEntryId: string };

/**
 * Applies a sign-in decision: an invitation with all its grants; or, for just-in-time provisioning, the role
 * Organization User (docs/contract/sign-in.md#just-in-time-role) and the default workspaces. Groups are applied before
 * the defaults, so the role of a group wins in a shared workspace; existing memberships stay unchanged.
 */
@Injectable()
export class GrantAccess {
  private readonly log = new LimitedLog(new Logger('SingleSignOn'), WARNING_MS);

  constructor(
    private readonly acceptInvitation: AcceptInvitation,
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly groupSync: GroupSync,
  ) {}

  /** Returns what was granted, for the audit log. */
  async run(rule: SignInRule, signedIn: SignedIn, context: SignInContext): Promise<AuditDetails> {
    if (rule === 'jit') return this.provision(signedIn, context);
    const invitation =
      rule === 'invitation' ? required(context.pendingInvitation, 'the pending invitation').invitation : null;
    if (invitation) await this.acceptInvitation.acceptOne(invitation, signedIn);
    return {
      ...(invitation ? { invitation_id: invitation.id } : {}),
      ...(await this.applyGroups(rule, signedIn, context)),
    };
  }

  /**
   * Revokes what groups granted to a member who has left every required group. Returns what was revoked, for the audit
   * log.
   */
  async revokeGroupAccess(
    { refusal }: { refusal: SignInRefusalReason },
    context: SignInContext,
    auditEntryId: string,
  ): Promise<AuditDetails> {
    const { access, user } = context.person;
    if (refusal !== 'no_required_group' || access !== 'active' || !user) return {};
    return this.applyGroups('existing_access', { userId: user.id, auditEntryId }, context);
  }

  private async provision(signedIn: SignedIn, context: SignInContext): Promise<AuditDetails> {
    const { org, provisioning } = context;
    const { userId, auditEntryId } = signedIn;
    const provenance = createdByRule('jit', auditEntryId);
    const { workspaceIds, workspaceRoleId: roleId, source } = provisioning;
    const workspaceMembers = workspaceIds.map((workspaceId) => ({ workspaceId, userId, roleId, provenance }));
    const addToWorkspaces = async () => {
      const groups = await this.applyGroups('jit', signedIn, context);
      await this.workspaceMembers.addAll(org.id, workspaceMembers);
      return groups;
    };
    const [, groups] = await awaitAll([
      this.members.add(org.id, [{ userId, roleId: systemRole('ORGANIZATION_USER').id, provenance }]),
      addToWorkspaces(),
    ]);
    const defaults = { source, workspace_ids: workspaceIds, workspace_role_id: roleId };
    return { defaults, ...groups };
  }

  /** Applies groups to members of the default organization only, because the group settings are its own. */
  private async applyGroups(
    rule: SignInRule,
    signedIn: SignedIn,
    { org, person, provisioning, groups }: SignInContext,
  ): Promise<AuditDetails> {
    const isMember = person.access === 'active' || rule === 'invitation' || rule === 'jit';
    if (!provisioning.groups || !isMember) return {};
    if (!groups) {
      this.log.warn(GROUPS_NOT_SENT);
      return { groups: 'not_sent' };
    }
    const userGroups = await this.groupSync.applyToUserGroups(org.id, signedIn.userId, groups);
    if (!provisioning.groups.grantRoles) return { groups: { ...groups.counts, ...userGroups } };
    return { groups: { ...(await this.groupSync.apply(org, signedIn, groups)), ...userGroups } };
  }
}
