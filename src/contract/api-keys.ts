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
import { ACCESS_SCOPES, type AccessScope } from './enums.js';

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

/** Not among the published operations; newer versions of the published API have it. */
export class ServiceKeyUpdate {
  @Text({ optional: true, unpublishedMaxLength: MAX_DESCRIPTION_LENGTH, visible: true })
  description?: string;
  @UuidList({ optional: true }) workspaces?: string[];
  @Uuid({ optional: true }) role_id?: string;
  @Uuid({ optional: true }) org_role_id?: string;
  /** Accepted by the schema so that it can be refused: the expiry of a key cannot be extended. */
  @Instant({ nullable: true, optional: true, unpublished: true }) expires_at?: string | null;
}

export class APIKeyGetResponse {
  @Instant({ nullable: true, optional: true }) created_at?: string | null;
  @Uuid() id: string;
  @Text() short_key: string;
  @Text() description: string;
  @Flag({ default: false, deprecated: true }) read_only?: boolean;
  @Instant({ nullable: true, optional: true }) last_used_at?: string | null;
  @Instant({ nullable: true, optional: true }) expires_at?: string | null;
  @TextList({ nullable: true, optional: true }) workspace_names?: string[] | null;
  @Text({ nullable: true, optional: true }) default_workspace_name?: string | null;
  /** Not in the published schema: the scope of a service key, for clients that manage keys as code. */
  @OneOf(ACCESS_SCOPES, 'AccessScope', { nullable: true, optional: true }) access_scope?: AccessScope | null;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
  @Uuid({ nullable: true, optional: true }) org_role_id?: string | null;
  /** Not in the published schema: the e-mail address of the member who created the key. */
  @Text({ nullable: true, optional: true }) created_by?: string | null;
  /** Remains when that user is no longer a member. */
  @Uuid({ nullable: true, optional: true }) created_by_ls_user_id?: string | null;
}

export class APIKeyCreateResponse extends APIKeyGetResponse {
  @Text() key: string;
}
