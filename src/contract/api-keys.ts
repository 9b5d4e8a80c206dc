import {
  Flag,
  Instant,
  Integer,
  ListOf,
  MAX_DESCRIPTION_LENGTH,
  MAX_NAME_LENGTH,
  Nested,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import { ACCESS_SCOPES, type AccessScope, CREATING_CREDENTIALS, type CreatingCredential } from './enums.js';

/* Who created a key or token, and with what (docs/contract/keys.md#who-created-a-key). */

class CreatedWith {
  @Uuid() id: string;
  @OneOf(CREATING_CREDENTIALS, 'CreatingCredential') kind: CreatingCredential;
}

export class CreatedBy {
  @Text({
    ...NULLISH,
    description: 'The e-mail address of the member who created it, directly or with a key.',
  })
  created_by?: string | null;
  @Uuid({ ...NULLISH, description: 'Remains when that user is no longer a member.' })
  created_by_ls_user_id?: string | null;
  @Nested(() => CreatedWith, {
    ...NULLISH,
    description: 'Remains when that credential is deleted. Null if it is unknown.',
  })
  created_with?: CreatedWith | null;
}

/** A key or token that a user created, or that was created with another one; or the access of an application. */
export class CreatedCredential {
  @Uuid() id: string;
  @Text() short_key: string;
  @Text() description: string;
}

/** A webhook or log stream. */
export class CreatedReceiver {
  @Uuid() id: string;
  @Text({ description: 'Of its address.' }) host: string;
  @Text() description: string;
}

const CREATED_WITH_ENDED = { optional: true, description: 'In an answer to `revoke_created=true`.' };

/** What ended with a key or token. */
class EndedWith extends CreatedBy {
  @ListOf(() => CreatedCredential, CREATED_WITH_ENDED) created_service_keys?: CreatedCredential[];
  @ListOf(() => CreatedCredential, CREATED_WITH_ENDED) created_personal_access_tokens?: CreatedCredential[];
  @ListOf(() => CreatedCredential, CREATED_WITH_ENDED) created_scim_tokens?: CreatedCredential[];
  @ListOf(() => CreatedReceiver, CREATED_WITH_ENDED) created_webhooks?: CreatedReceiver[];
  @ListOf(() => CreatedReceiver, CREATED_WITH_ENDED) created_log_streams?: CreatedReceiver[];
}

export class CreatedCredentials {
  @ListOf(() => CreatedCredential) created_service_keys: CreatedCredential[];
  @ListOf(() => CreatedCredential) created_personal_access_tokens: CreatedCredential[];
  @ListOf(() => CreatedCredential) created_scim_tokens: CreatedCredential[];
  @ListOf(() => CreatedReceiver) created_webhooks: CreatedReceiver[];
  @ListOf(() => CreatedReceiver) created_log_streams: CreatedReceiver[];
}

/** Not in the published operations. */
export class RevokeCreatedQuery {
  @Flag({
    default: false,
    description:
      'Also end the keys, tokens, webhooks and log streams that were created by the member or with the credential.',
  })
  revoke_created: boolean;
  @Flag({ default: false, description: 'The same as `revoke_created`.' }) revoke_created_keys: boolean;
}

/** In a query; the published parameter has no limit. */
const MAX_WORKSPACES = 500;

export class APIKeyCreateRequest {
  @Text({ default: 'Default API key', unpublishedMaxLength: MAX_DESCRIPTION_LENGTH, visible: true })
  description?: string;
  @Flag({ default: false, deprecated: true }) read_only?: boolean;
  @Instant(NULLISH) expires_at?: string | null;
  @UuidList(NULLISH) workspaces?: string[] | null;
  @Uuid(NULLISH) role_id?: string | null;
  @Uuid(NULLISH) org_role_id?: string | null;
  @Uuid(NULLISH) default_workspace_id?: string | null;
}

/** Of the published API of November 2026; description and workspaces are additions of ours. */
export class APIKeyUpdateRequest {
  @Uuid(NULLISH) role_id?: string | null;
  @Uuid(NULLISH) org_role_id?: string | null;
  @Text({ optional: true, unpublishedMaxLength: MAX_DESCRIPTION_LENGTH, visible: true }) description?: string;
  @UuidList({ optional: true }) workspaces?: string[];
  /** Accepted by the schema so that it can be refused: the expiry of a key cannot be extended. */
  @Instant({ ...NULLISH, unpublished: true }) expires_at?: string | null;
}

/** Keys that reach one of these workspaces; none: all keys. */
export class KeysQuery {
  @UuidList({ default: [], maxSize: MAX_WORKSPACES }) workspace_ids: string[];
}

export class APIKeyGetResponse extends EndedWith {
  @Instant(NULLISH) created_at?: string | null;
  @Uuid() id: string;
  @Text() short_key: string;
  @Text() description: string;
  @Flag({ default: false, deprecated: true }) read_only?: boolean;
  @Instant(NULLISH) last_used_at?: string | null;
  @Instant(NULLISH) expires_at?: string | null;
  @Instant(NULLISH) revoked_at?: string | null;
  @TextList(NULLISH) workspace_names?: string[] | null;
  @Text(NULLISH) default_workspace_name?: string | null;
  /** Of a service key; null for a personal access token. */
  @OneOf(ACCESS_SCOPES, 'AccessScope', NULLISH) access_scope?: AccessScope | null;
  @Uuid(NULLISH) role_id?: string | null;
  @Uuid(NULLISH) org_role_id?: string | null;
  @Flag({
    ...NULLISH,
    description:
      'In lists of service keys: whether it allows more than its creator may do at present; null if that is unknown.',
  })
  exceeds_creator?: boolean | null;
}

export class APIKeyCreateResponse extends APIKeyGetResponse {
  @Text() key: string;
}

const MAX_OVERLAP_HOURS = 7 * 24;

/** Not in the published API. */
export class RotateSecretRequest {
  @Integer({
    default: 0,
    minimum: 0,
    maximum: MAX_OVERLAP_HOURS,
    description: 'How long the replaced secret works beside the new one. 0: it ends at once.',
  })
  overlap_hours: number;
}

const PREVIOUS_ENDS_AT = { ...NULLISH, description: 'When the replaced secret ends; null: it has ended.' };

export class APIKeyRotateResponse extends APIKeyCreateResponse {
  @Instant(PREVIOUS_ENDS_AT) previous_secret_ends_at?: string | null;
}

class ServiceAccountWorkspaceAssignment {
  @Uuid() workspace_id: string;
  @Uuid(NULLISH) role_id?: string | null;
}

export class ServiceAccountCreateRequest {
  @Text({ unpublishedMaxLength: MAX_NAME_LENGTH, visible: true }) name: string;
  @ListOf(() => ServiceAccountWorkspaceAssignment, { default: [], maxSize: 500 })
  workspaces?: ServiceAccountWorkspaceAssignment[];
}

export class ServiceAccount {
  @Uuid() id: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
  @Text() name: string;
  @Uuid() organization_id: string;
  @Uuid({ nullable: true }) default_workspace_id: string | null;
}

export class ServiceAccountCreateResponse extends ServiceAccount {
  @Uuid() organization_identity_id: string;
}

export class ServiceAccountDeleteResponse extends ServiceAccount {}
