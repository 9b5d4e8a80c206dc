import {
  Flag,
  Instant,
  ListOf,
  NULLISH,
  OneOf,
  PersonName,
  Text,
  Uuid,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import { ACCESS_SCOPES, type AccessScope, INVITATION_MAILS, type InvitationMail } from './enums.js';
import {
  AccessEnd,
  AccessEndApplied,
  MemberIdentity,
  MisnamedAccessEnd,
  OrgMemberIdentity,
} from './members.js';

export class PendingIdentityCreate {
  @Text() email: string;
  @Flag({ default: false, deprecated: true }) read_only?: boolean;
  @Uuid(NULLISH) role_id?: string | null;
  @UuidList(NULLISH) workspace_ids?: string[] | null;
  @Uuid(NULLISH) workspace_role_id?: string | null;
  @Text(NULLISH) password?: string | null;
  @PersonName() full_name?: string | null;
  @AccessEnd() access_expires_at?: string | null;
  @MisnamedAccessEnd() expires_at?: unknown;
}

export class PendingIdentity extends PendingIdentityCreate {
  @OneOf(ACCESS_SCOPES, 'AccessScope', { default: 'workspace' }) access_scope?: AccessScope;
  @Uuid() id: string;
  @Uuid(NULLISH) user_id?: string | null;
  @Uuid(NULLISH) tenant_id?: string | null;
  @Uuid(NULLISH) organization_id?: string | null;
  @Instant() created_at: string;
  @Text(NULLISH) role_name?: string | null;
  @Uuid(NULLISH) org_role_id?: string | null;
  @Text(NULLISH) org_role_name?: string | null;
  /** Not in the published schema. */
  @Text(NULLISH) workspace_role_name?: string | null;
  /**
   * Not in the published schema: an expired invitation stays visible and can be resent
   * (docs/contract/invitations.md#expiry).
   */
  @Flag({ optional: true }) is_expired?: boolean;
  @Instant(NULLISH) override expires_at?: string | null;
  @AccessEndApplied() access_expires_at_applied?: boolean;
  /** Not in the published schema (docs/contract/invitations.md#mails). */
  @OneOf(INVITATION_MAILS, 'InvitationMail', {
    ...NULLISH,
    description: 'In lists, only for Organization Admins; null for others.',
  })
  mail?: InvitationMail | null;
  @Instant({ ...NULLISH, description: 'When the mail server refused the mail, if `mail` is `refused`.' })
  mail_refused_at?: string | null;
  @Text({ ...NULLISH, description: 'The code of that reply, such as `550 5.1.1`.' })
  mail_refusal_code?: string | null;
  @Instant({
    ...NULLISH,
    description:
      'When the valid password link was made that an admin hands over; only for Organization Admins.',
  })
  link_made_at?: string | null;
}

export class OrgPendingIdentity extends PendingIdentity {
  @UuidList({ default: [] }) tenant_ids?: string[];
}

/** Of the published API of November 2026: the row of one person of the workspace batch. */
export class WorkspaceInviteResult extends PendingIdentity {
  /** Only of somebody who is active in the organization already. */
  @Uuid(NULLISH) ls_user_id?: string | null;
}

/**
 * Of the published API of November 2026: the role by its id, or by its name or display name. The end of access is not
 * published.
 */
export class PendingIdentityPatch {
  @Uuid(NULLISH) role_id?: string | null;
  @Text(NULLISH) role_name?: string | null;
  @AccessEnd('Absent: unchanged; null: permanent.') access_expires_at?: string | null;
}

export class OrganizationMembers {
  @Uuid() organization_id: string;
  @ListOf(() => OrgMemberIdentity) members: OrgMemberIdentity[];
  @ListOf(() => OrgPendingIdentity) pending: OrgPendingIdentity[];
}

export class TenantMembers {
  @Uuid() tenant_id: string;
  @ListOf(() => MemberIdentity) members: MemberIdentity[];
  @ListOf(() => PendingIdentity) pending: PendingIdentity[];
}
