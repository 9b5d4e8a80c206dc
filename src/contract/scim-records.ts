import {
  Flag,
  Instant,
  Integer,
  ListOf,
  OneOf,
  Text,
  Uuid,
} from '../common/http/operations/fields.decorator.js';

/*
 * Not part of the published API: what an identity provider has written over SCIM, for admins with a session or a key
 * (docs/contract/scim.md#records).
 */

export class ScimRecordsQuery {
  @Integer({ default: 20, minimum: 1, maximum: 100 }) limit: number;
  @Text({ optional: true, description: 'The next_cursor of the page before.' }) cursor?: string;
}

export class ScimUserRecord {
  @Uuid() id: string;
  @Uuid({ description: 'Of the membership.' }) identity_id: string;
  @Uuid() user_id: string;
  @Text() user_name: string;
  @Text({ nullable: true }) external_id: string | null;
  @Text({ description: 'Of the account.' }) email: string;
  @Text({ nullable: true }) full_name: string | null;
  @Flag({ description: 'Whether the membership is enabled.' }) active: boolean;
  @Text({ description: 'The role in the organization.' }) role_name: string;
  @Integer({ description: 'The number of SCIM groups of the user.' }) group_count: number;
  @Instant() created_at: string;
  @Instant({ description: 'When the record was last changed.' }) updated_at: string;
}

export class ScimUserRecordPage {
  @ListOf(() => ScimUserRecord) items: ScimUserRecord[];
  @Text({ nullable: true }) next_cursor: string | null;
}

export const IDLE_CODES = ['malformed', 'unknown', 'unconfirmed', 'ambiguous', 'workspace_deleted'] as const;

export type IdleCode = (typeof IDLE_CODES)[number];

export class ScimGroupRecord {
  @Uuid() id: string;
  @Text() display_name: string;
  @Text({ nullable: true }) external_id: string | null;
  @Integer() member_count: number;
  @Text({ nullable: true }) organization_role: string | null;
  @Uuid({ nullable: true }) workspace_id: string | null;
  @Text({ nullable: true }) workspace_name: string | null;
  @Text({ nullable: true }) workspace_role: string | null;
  @Text({ nullable: true, description: 'Why its name gives no role.' }) reason: string | null;
  @OneOf(IDLE_CODES, 'ScimGroupIdleCode', { nullable: true }) reason_code: IdleCode | null;
  @Flag({
    description: 'A token of an operator wrote it: it gives no role until one of an admin renames it.',
  })
  needs_admin_token: boolean;
  @Flag({ description: 'A user group has its members.' }) is_followed: boolean;
  @Instant() created_at: string;
  @Instant({ description: 'When the group was last changed.' }) updated_at: string;
}

export class ScimGroupRecordPage {
  @ListOf(() => ScimGroupRecord) items: ScimGroupRecord[];
  @Text({ nullable: true }) next_cursor: string | null;
}
