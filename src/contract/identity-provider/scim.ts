import {
  Flag,
  Instant,
  Integer,
  ListOf,
  MAX_DESCRIPTION_LENGTH,
  Nested,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
  WireName,
} from '../../common/http/operations/fields.decorator.js';
import { CreatedBy } from '../api-keys.js';
import { PageOf } from '../lists.js';

@WireName('scim.ErrorResponse')
export class ScimTokenErrorResponse {
  @Text({ optional: true }) error?: string;
}

@WireName('scim.CreateScimTokenPayload')
export class CreateScimTokenPayload {
  @Text({ optional: true, unpublishedMaxLength: MAX_DESCRIPTION_LENGTH }) description?: string;
  @Instant({ ...NULLISH, description: 'The token is invalid after this time.' }) expires_at?: string | null;
}

@WireName('scim.UpdateScimTokenPayload')
export class UpdateScimTokenPayload {
  @Text({ optional: true, unpublishedMaxLength: MAX_DESCRIPTION_LENGTH }) description?: string;
}

@WireName('scim.ScimTokenResponse')
export class ScimTokenResponse extends CreatedBy {
  @Text({ optional: true }) created_at?: string;
  @Text({ optional: true }) description?: string;
  @Text({ optional: true }) id?: string;
  @Text({ optional: true }) last_used_at?: string;
  @Text({ optional: true }) short_token?: string;
  @Text({ optional: true }) updated_at?: string;
  @Text({ optional: true }) expires_at?: string;
  @Flag({
    ...NULLISH,
    description: 'Whether it allows more than its creator may do at present; null if that is unknown.',
  })
  exceeds_creator?: boolean | null;
}

@WireName('scim.ScimTokenSensitiveResponse')
export class ScimTokenSensitiveResponse extends ScimTokenResponse {
  @Text({ optional: true }) token?: string;
}

const MOST_NAMES = 500;

export class ScimTokenRotateResponse extends ScimTokenSensitiveResponse {
  @Instant({ ...NULLISH, description: 'When the replaced secret ends; null: it has ended.' })
  previous_secret_ends_at?: string | null;
}

const IDLE_CODES = ['malformed', 'unknown', 'unconfirmed', 'ambiguous', 'workspace_deleted'] as const;

type IdleCode = (typeof IDLE_CODES)[number];

/** Not part of the published API: asks which roles groups with these names would grant. */
export class ScimGroupsPreviewRequest {
  @TextList({ maxSize: MOST_NAMES, description: 'Names of groups, the oldest group first.' }) names: string[];
}

export class ScimGroupPreview {
  @Text() name: string;
  @Flag() grants: boolean;
  @Text({ nullable: true, description: 'Why it grants nothing.' }) reason: string | null;
  @OneOf(IDLE_CODES, 'ScimGroupIdleCode', { nullable: true }) reason_code: IdleCode | null;
  @Text({ nullable: true }) organization_role: string | null;
  @Uuid({ nullable: true }) workspace_id: string | null;
  @Text({ nullable: true }) workspace_name: string | null;
  @Text({ nullable: true }) workspace_role: string | null;
}

class ScimWorkspaceGrant {
  @Uuid() workspace_id: string;
  @Text() workspace_name: string;
  @Text() workspace_role: string;
}

class ScimGroupsTogether {
  @Text({ nullable: true }) organization_role: string | null;
  @ListOf(() => ScimWorkspaceGrant) workspaces: ScimWorkspaceGrant[];
}

export class ScimGroupsPreviewResponse {
  @ListOf(() => ScimGroupPreview) groups: ScimGroupPreview[];
  @Nested(() => ScimGroupsTogether, { description: 'What a user in all of them would get.' })
  together: ScimGroupsTogether;
}

/*
 * Not part of the published API: what an identity provider has written over SCIM, for admins with a session or a key
 * (docs/contract/scim.md#records).
 */

const IGNORED_REASONS = [
  'missing',
  'unknown',
  'ambiguous',
  'unconfirmed',
  'conflicting',
  'limited_token',
] as const;

class ScimRolesPreviewIgnored {
  @Text() value: string;
  @OneOf(IGNORED_REASONS, 'ScimRoleIgnoredReason') reason: (typeof IGNORED_REASONS)[number];
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
  @ListOf(() => ScimRolesPreviewIgnored, {
    description: 'Values of `roles` that give nothing, while roles are switched on.',
  })
  ignored_roles: ScimRolesPreviewIgnored[];
  @Instant() created_at: string;
  @Instant({ description: 'When the record was last changed.' }) updated_at: string;
}

export class ScimUserRecordPage extends PageOf(ScimUserRecord) {}

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

export class ScimGroupRecordPage extends PageOf(ScimGroupRecord) {}

/*
 * Not part of the published API: what switching `scim_roles_enabled` would change (docs/contract/scim.md#roles).
 */

export class ScimRolesPreviewRequest {
  @Flag({ default: true, description: 'True: roles are switched on; false: off.' })
  scim_roles_enabled: boolean;
  @Integer({ default: 20, minimum: 1, maximum: 100 }) limit: number;
  @Text({ optional: true, description: 'The next_cursor of the page before.' }) cursor?: string;
}

class ScimRolesPreviewOrganizationRole {
  @Text() from: string;
  @Text() to: string;
}

class ScimRolesPreviewWorkspaceRole {
  @Uuid() workspace_id: string;
  @Text() workspace_name: string;
  @Text({ nullable: true, description: 'Null: the user joins the workspace.' }) from: string | null;
  @Text({ nullable: true, description: 'Null: the user leaves the workspace.' }) to: string | null;
}

export class ScimRolesPreviewUser {
  @Uuid({ description: 'Of the SCIM user.' }) id: string;
  @Uuid() user_id: string;
  @Text() email: string;
  @Text({ nullable: true }) full_name: string | null;
  @Nested(() => ScimRolesPreviewOrganizationRole, { nullable: true, description: 'Null: it stays as it is.' })
  organization_role: ScimRolesPreviewOrganizationRole | null;
  @ListOf(() => ScimRolesPreviewWorkspaceRole) workspace_roles: ScimRolesPreviewWorkspaceRole[];
  @ListOf(() => ScimRolesPreviewIgnored, {
    description:
      'Values that give nothing. Those that are `conflicting` or of a `limited_token` are removed.',
  })
  ignored_values: ScimRolesPreviewIgnored[];
}

export class ScimRolesPreviewPage extends PageOf(ScimRolesPreviewUser) {}
