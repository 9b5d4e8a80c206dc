import {
  Flag,
  Instant,
  Integer,
  ListOf,
  ListOfOneOf,
  MAX_NAME_LENGTH,
  Nested,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
} from '../common/http/operations/fields.decorator.js';

/* Unset members are absent, never null: docs/contract/oauth.md#clients. */

const CLIENT_TYPES = ['public', 'confidential'] as const;
export const GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;
export const SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const;

const OPTIONAL = { optional: true };
const NAME = { maxLength: MAX_NAME_LENGTH, visible: true, pattern: /\S/ };
const ALLOWED_SCOPES = { minSize: 1, maxSize: SCOPES.length };

/** What requests and responses have in common: null is for requests only. */
function metadataWith(options: { optional: boolean; nullable?: boolean }) {
  const page = { ...options, maxLength: MAX_NAME_LENGTH, description: 'An http or https URL.' };
  class ClientMetadata {
    @Text(page) client_uri?: string | null;
    @Text(page) logo_uri?: string | null;
    @Text(page) policy_uri?: string | null;
    @Text(page) tos_uri?: string | null;
    @TextList({
      optional: true,
      maxSize: 10,
      description:
        'https with the name of a host, http on a loopback address, or a scheme of the application.',
    })
    redirect_uris?: string[];
  }
  return ClientMetadata;
}

export class CreateOauthClientRequest extends metadataWith(NULLISH) {
  @Text(NAME) client_name: string;
  @OneOf(CLIENT_TYPES, 'OauthClientType', { default: 'confidential' })
  client_type: (typeof CLIENT_TYPES)[number];
  @ListOfOneOf(GRANT_TYPES, 'OauthGrantType', {
    default: ['authorization_code', 'refresh_token'],
    minSize: 1,
    maxSize: GRANT_TYPES.length,
  })
  grant_types: string[];
  @ListOfOneOf(SCOPES, 'OauthScope', { ...ALLOWED_SCOPES, default: SCOPES }) allowed_scopes: string[];
}

/** Absent: unchanged. Null or empty: none. */
export class UpdateOauthClientRequest extends metadataWith(NULLISH) {
  @Text({ ...NAME, optional: true }) client_name?: string;
  @ListOfOneOf(SCOPES, 'OauthScope', { ...ALLOWED_SCOPES, optional: true }) allowed_scopes?: string[];
  @Flag({ optional: true, description: 'True ends the access that people have given to it.' })
  disabled?: boolean;
}

export class OauthClient extends metadataWith(OPTIONAL) {
  @Uuid() id: string;
  @Text() client_id: string;
  @Text() client_name: string;
  @OneOf(CLIENT_TYPES, 'OauthClientType') client_type: (typeof CLIENT_TYPES)[number];
  @TextList() grant_types: string[];
  @TextList() allowed_scopes: string[];
  @Flag() disabled: boolean;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}

export class OauthClients {
  @ListOf(() => OauthClient, { description: 'Oldest first.' }) clients: OauthClient[];
}

export class OauthClientWithSecret {
  @Nested(() => OauthClient) client: OauthClient;
  @Text({ optional: true, description: 'Of a confidential client. Shown only now.' }) client_secret?: string;
}

/** RFC 7591, section 2; other members are ignored. */
export class RegisterClientRequest extends metadataWith(NULLISH) {
  @Text({ ...NULLISH, maxLength: MAX_NAME_LENGTH, visible: true }) client_name?: string | null;
  @TextList(NULLISH) grant_types?: string[] | null;
  @TextList(NULLISH) response_types?: string[] | null;
}

/** RFC 7591, section 3.2.1. */
export class RegisteredClient extends metadataWith(OPTIONAL) {
  @Text() client_id: string;
  @Integer({ description: 'Seconds since 1970.' }) client_id_issued_at: number;
  @Text() client_name: string;
  @TextList() grant_types: string[];
  @TextList() response_types: string[];
  @Text({ description: 'Each client is public: `none`.' }) token_endpoint_auth_method: string;
}

export class OauthErrorResponse {
  @Text() error: string;
  @Text(OPTIONAL) error_description?: string;
}
