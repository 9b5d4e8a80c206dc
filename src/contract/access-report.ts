import { Instant, ListOf, Nested, OneOf, Text, Uuid } from '../common/http/operations/fields.decorator.js';
import { MEMBERSHIP_SOURCES, type MembershipSource } from './enums.js';

/* Not part of the published API: docs/contract/access-report.md. */

const REPORT_FORMATS = ['json', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export class AccessReportQuery {
  @OneOf(REPORT_FORMATS, 'AccessReportFormat', {
    default: 'json',
    description: '`csv`: the grants as a table, whose first row is the head of the audit log.',
  })
  format: ReportFormat;
}

const GRANT_KINDS = [
  'organization_membership',
  'workspace_membership',
  'user_group_membership',
  'user_group_role',
  'organization_invitation',
  'workspace_invitation',
  'personal_access_token',
  'application',
  'service_key',
  'scim_token',
] as const;

const GRANT_STATES = ['active', 'disabled', 'pending', 'revoked'] as const;

/** In the order of the columns in CSV. */
export class AccessGrant {
  @OneOf(GRANT_KINDS, 'AccessGrantKind') kind: (typeof GRANT_KINDS)[number];
  @Uuid({
    nullable: true,
    description: 'Of the identity, grant, invitation, key or token; null for a membership in a user group.',
  })
  id: string | null;
  @OneOf(GRANT_STATES, 'AccessGrantState', {
    description: '`disabled`: of a disabled member; `revoked`: of a token that can be reinstated.',
  })
  state: (typeof GRANT_STATES)[number];
  @Uuid({ nullable: true, description: 'Null for invitations, service keys and SCIM tokens.' })
  user_id: string | null;
  @Text({ nullable: true }) email: string | null;
  @Text({ nullable: true }) full_name: string | null;
  @Uuid({ nullable: true }) organization_role_id: string | null;
  @Text({ nullable: true }) organization_role_name: string | null;
  @Uuid({ nullable: true, description: 'Null for a service key of the whole organization.' })
  workspace_id: string | null;
  @Text({ nullable: true }) workspace_name: string | null;
  @Uuid({ nullable: true }) workspace_role_id: string | null;
  @Text({ nullable: true }) workspace_role_name: string | null;
  @Uuid({ nullable: true }) user_group_id: string | null;
  @Text({ nullable: true }) user_group_name: string | null;
  @Text({ nullable: true, description: 'Of a key or token.' }) short_key: string | null;
  @Text({ nullable: true, description: 'Of a key or token.' }) description: string | null;
  @OneOf(MEMBERSHIP_SOURCES, 'MembershipSource', { nullable: true }) source: MembershipSource | null;
  @Instant() created_at: string;
  @Uuid({ nullable: true, description: 'Who added or invited the person, or created the key or token.' })
  given_by_user_id: string | null;
  @Text({ nullable: true }) given_by_email: string | null;
  @Uuid({ nullable: true, description: 'The key or token that was used for it, if one was.' })
  given_by_credential_id: string | null;
  @Instant({ nullable: true, description: 'The latest change of the role.' }) role_changed_at: string | null;
  @Uuid({ nullable: true }) role_changed_by_user_id: string | null;
  @Text({ nullable: true }) role_changed_by_email: string | null;
  @Uuid({ nullable: true }) role_changed_by_credential_id: string | null;
  @Instant({
    nullable: true,
    description: 'When the member was last active in the organization, or the key or token last used.',
  })
  last_used_at: string | null;
  @Instant({ nullable: true, description: 'When the invitation, key or token expires; null: never.' })
  expires_at: string | null;
  @Instant({
    nullable: true,
    description: 'When the access ends, or will of an invitation that is accepted; null: it is permanent.',
  })
  access_expires_at: string | null;
  @Uuid({ nullable: true, description: 'The role from then on; null: the membership ends.' })
  reverts_to_role_id: string | null;
  @Text({ nullable: true }) reverts_to_role_name: string | null;
}

export class AuditLogHead {
  @Text({ description: 'The position up to which the audit log was sealed.' }) position: string;
  @Text({ description: 'The number and the MAC of the last seal, as `audit:verify` prints them.' })
  seal: string;
}

export class AccessReport {
  @Uuid() organization_id: string;
  @Instant() created_at: string;
  @Nested(() => AuditLogHead, { nullable: true, description: 'Null if nothing was sealed yet.' })
  audit_log: AuditLogHead | null;
  @ListOf(() => AccessGrant) grants: AccessGrant[];
}
