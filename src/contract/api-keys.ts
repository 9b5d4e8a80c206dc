import {
  Flag,
  Instant,
  MAX_DESCRIPTION_LENGTH,
  OneOf,
  Text,
  TextList,
  Uuid,
  UuidList,
} from '../common/http/fields.decorator.js';
import { EndedWith } from './created-credentials.js';
import { ACCESS_SCOPES, type AccessScope } from './enums.js';

/** In a query; the published parameter has no limit. */
const MAX_WORKSPACES = 500;

export class APIKeyCreateRequest {
  @Text({ default: 'Default API key', unpublishedMaxLength: MAX_DESCRIPTION_LENGTH, visible: true })
  description?: string;
  @Flag({ default: false, deprecated: true }) read_only?: boolean;
  @Instant({ nullable: true, optional: true }) expires_at?: string | null;
  @UuidList({ nullable: true, optional: true }) workspaces?: string[] | null;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
  @Uuid({ nullable: true, optional: true }) org_role_id?: string | null;
  @Uuid({ nullable: true, optional: true }) default_workspace_id?: string | null;
}

/** Of the published API of November 2026; description and workspaces are additions of ours. */
export class APIKeyUpdateRequest {
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
  @Uuid({ nullable: true, optional: true }) org_role_id?: string | null;
  @Text({ optional: true, unpublishedMaxLength: MAX_DESCRIPTION_LENGTH, visible: true })
  description?: string;
  @UuidList({ optional: true }) workspaces?: string[];
  /** Accepted by the schema so that it can be refused: the expiry of a key cannot be extended. */
  @Instant({ nullable: true, optional: true, unpublished: true }) expires_at?: string | null;
}

/** Keys that reach one of these workspaces; none: all keys. */
export class KeysQuery {
  @UuidList({ default: [], maxSize: MAX_WORKSPACES }) workspace_ids: string[];
}

export class APIKeyGetResponse extends EndedWith {
  @Instant({ nullable: true, optional: true }) created_at?: string | null;
  @Uuid() id: string;
  @Text() short_key: string;
  @Text() description: string;
  @Flag({ default: false, deprecated: true }) read_only?: boolean;
  @Instant({ nullable: true, optional: true }) last_used_at?: string | null;
  @Instant({ nullable: true, optional: true }) expires_at?: string | null;
  @Instant({ nullable: true, optional: true }) revoked_at?: string | null;
  @TextList({ nullable: true, optional: true }) workspace_names?: string[] | null;
  @Text({ nullable: true, optional: true }) default_workspace_name?: string | null;
  /** Of a service key; null for a personal access token. */
  @OneOf(ACCESS_SCOPES, 'AccessScope', { nullable: true, optional: true }) access_scope?: AccessScope | null;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
  @Uuid({ nullable: true, optional: true }) org_role_id?: string | null;
  @Flag({
    nullable: true,
    optional: true,
    description:
      'In lists of service keys: whether it allows more than its creator may do at present; null if that is unknown.',
  })
  exceeds_creator?: boolean | null;
}

export class APIKeyCreateResponse extends APIKeyGetResponse {
  @Text() key: string;
}
