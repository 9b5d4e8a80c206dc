import { PERMISSIONS } from '../common/access/permissions.js';
import {
  Flag,
  Integer,
  ListOf,
  Mapping,
  MAX_DESCRIPTION_LENGTH,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
  WireName,
} from '../common/http/operations/fields.decorator.js';
import { ACCESS_SCOPES, type AccessScope } from './enums.js';

export class PermissionResponse {
  @Text() name: string;
  @Text() description: string;
  @OneOf(ACCESS_SCOPES, 'AccessScope') access_scope: AccessScope;
}

export class Role {
  @Uuid() id: string;
  @Text() name: string;
  @Text() display_name: string;
  @Text() description: string;
  @Uuid(NULLISH) organization_id?: string | null;
  @TextList() permissions: string[];
  @OneOf(ACCESS_SCOPES, 'AccessScope', NULLISH) access_scope?: AccessScope | null;
  @Flag({ default: false }) is_restricted?: boolean;
}

/** Of the published API of November 2026. */
export class RoleRestrictionUpdate {
  @Flag() is_restricted: boolean;
}

export class CreateRoleRequest {
  @Text() display_name: string;
  @Text({ unpublishedMaxLength: MAX_DESCRIPTION_LENGTH }) description: string;
  @TextList() permissions: string[];
}

export class UpdateRoleRequest extends CreateRoleRequest {}

export const PERMISSION_NAMES = PERMISSIONS.map(({ name }) => name);
export type PermissionName = (typeof PERMISSION_NAMES)[number];

export const ABAC_ATTRIBUTE_NAMES = ['resource_tag_key'] as const;

export const ABAC_OPERATORS = [
  'equals',
  'not_equals',
  'equals_ignore_case',
  'not_equals_ignore_case',
  'matches',
  'not_matches',
  'equals_if_exists',
  'not_equals_if_exists',
  'equals_ignore_case_if_exists',
  'not_equals_ignore_case_if_exists',
  'matches_if_exists',
  'not_matches_if_exists',
] as const;

/** The published schemas require no field; the server does. Other values are well-formed and refused as meaningless. */
const OPEN = { optional: true, open: true, description: 'Required.' };

@WireName('abac.ErrorResponse')
export class AbacErrorResponse {
  @Text({ optional: true, description: 'The same as detail.' }) error?: string;
  @Text({ optional: true }) type?: string;
  @Text({ optional: true }) title?: string;
  @Integer({ optional: true }) status?: number;
  @Text({ optional: true }) detail?: string;
  @Text({ optional: true, description: 'What the caller can do.' }) remedy?: string;
}

@WireName('authz_internal.Condition')
export class AccessCondition {
  @Text({ optional: true, description: 'Required, at most 128 characters.' }) attribute_key?: string;
  @OneOf(ABAC_ATTRIBUTE_NAMES, 'authz_internal.AbacAttributeName', OPEN) attribute_name?: string;
  @Text({ optional: true, description: 'Required, at most 128 characters.' }) attribute_value?: string;
  @OneOf(ABAC_OPERATORS, 'authz_internal.AbacOperator', OPEN) operator?: string;
}

@WireName('authz_internal.ConditionGroup')
export class AccessConditionGroup {
  @ListOf(() => AccessCondition, { optional: true, description: 'Required, 1 to 10 conditions.' })
  conditions?: AccessCondition[];
  @OneOf(PERMISSION_NAMES, 'authz_internal.Permission', {
    ...OPEN,
    description: 'Required, a workspace permission.',
  })
  permission?: string;
  @Text({ optional: true, description: 'Required, at most 100 characters.' }) resource_type?: string;
}

@WireName('authz_internal.CreateAccessPolicyPayload')
export class CreateAccessPolicyPayload {
  @ListOf(() => AccessConditionGroup, { optional: true, description: 'Required, 1 to 20 groups.' })
  condition_groups?: AccessConditionGroup[];
  @Text({ optional: true, description: 'At most 1000 characters.' }) description?: string;
  @Text({ optional: true, description: 'Required: allow or deny.' }) effect?: string;
  @Text({ optional: true, description: 'Required, at most 200 characters, unique.' }) name?: string;
  @TextList({ optional: true, description: 'At most 100 ids of workspace roles.' }) role_ids?: string[];
}

/** Absent members stay unchanged. */
@WireName('authz_internal.UpdateAccessPolicyPayload')
export class UpdateAccessPolicyPayload {
  @ListOf(() => AccessConditionGroup, { optional: true, description: 'Replaces all groups; 1 to 20 groups.' })
  condition_groups?: AccessConditionGroup[];
  @Text({ ...NULLISH, description: 'At most 1000 characters; null removes it.' }) description?: string | null;
  @Text({ optional: true, description: 'allow or deny.' }) effect?: string;
  @Text({ optional: true, description: 'At most 200 characters, unique.' }) name?: string;
}

@WireName('authz_internal.AccessPolicyCreateResponse')
export class AccessPolicyCreateResponse {
  @Text({ optional: true }) id?: string;
}

@WireName('authz_internal.AccessPolicy')
export class AccessPolicy {
  @ListOf(() => AccessConditionGroup, { optional: true }) condition_groups?: AccessConditionGroup[];
  @Text({ optional: true }) created_at?: string;
  @Text({ optional: true }) description?: string;
  @Text({ optional: true }) effect?: string;
  @Text({ optional: true }) id?: string;
  @Text({ optional: true }) name?: string;
  @TextList({ optional: true }) role_ids?: string[];
  @Text({ optional: true }) updated_at?: string;
}

@WireName('authz_internal.ListAccessPoliciesResponse')
export class ListAccessPoliciesResponse {
  @ListOf(() => AccessPolicy, { optional: true }) access_policies?: AccessPolicy[];
}

@WireName('authz_internal.AttachAccessPoliciesPayload')
export class AttachAccessPoliciesPayload {
  @TextList({ optional: true, description: 'Required, 1 to 100 ids of policies.' })
  access_policy_ids?: string[];
}

/** The query of a request that detaches policies from a role. */
export class DetachAccessPoliciesQuery {
  @TextList({ description: '1 to 100 ids of policies.' }) access_policy_ids: string[];
}

/** A limit on the work per request, above the number of tags of real resources. */
export const MAX_TAGS = 100;
export const MAX_TAG_LENGTH = 256; // characters of a key or value
const TAG_VALUE = { type: 'string', maxLength: MAX_TAG_LENGTH };

/** Not part of the published API: asks whether roles and policies allow a user to do something. */
export class AccessCheckRequest {
  @Uuid({ ...NULLISH, description: 'The user; the caller if neither is given.' }) user_id?: string | null;
  @Uuid({ ...NULLISH, description: 'The user, by their organization identity.' }) member_id?: string | null;
  @Uuid() workspace_id: string;
  @OneOf(PERMISSION_NAMES, 'authz_internal.Permission') permission: PermissionName;
  @Text({ ...NULLISH, description: 'Without it only the role is checked.' }) resource_type?: string | null;
  @Uuid({ ...NULLISH, description: 'Looks up the tags of this resource; requires resource_type.' })
  resource_id?: string | null;
  @Mapping({
    default: {},
    description:
      'Value, or list of values, by tag key; each of at most 256 characters. With tags, resource_type is required.',
    values: { anyOf: [TAG_VALUE, { type: 'array', items: TAG_VALUE }] },
    maxProperties: MAX_TAGS,
  })
  resource_tags?: Record<string, unknown>;
}

const ACCESS_REASONS = ['policy_deny', 'policy_allow', 'role', 'not_granted'] as const;
type AccessReason = (typeof ACCESS_REASONS)[number];

export class AccessCheckResponse {
  @Flag() allowed: boolean;
  @OneOf(ACCESS_REASONS, 'AccessReason') reason: AccessReason;
  @Uuid({ nullable: true, description: 'The policy that decided.' }) policy_id: string | null;
  @Uuid({ nullable: true, description: 'The role held in the workspace.' }) role_id: string | null;
  @Text({ nullable: true }) role_name: string | null;
}
