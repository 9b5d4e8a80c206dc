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
  WireName,
} from '../common/http/operations/fields.decorator.js';
import { GRANT_TYPES, SCOPES } from '../common/oauth-values.js';

/* Unset members of responses are absent, unless they are nullable: docs/contract/oauth.md. */

const CLIENT_TYPES = ['public', 'confidential'] as const;

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

/** RFC 6749, section 5.1. `workspace_id`: the default workspace of the grant. */
export class TokenResponse {
  @Text() access_token: string;
  @Text() token_type: string;
  @Integer() expires_in: number;
  @Text({ optional: true }) refresh_token?: string;
  @Text({ optional: true }) id_token?: string;
  @Text({ optional: true }) scope?: string;
  @Uuid({ optional: true }) workspace_id?: string;
}

/** RFC 8628, section 3.2. */
export class DeviceCodeResponse {
  @Text() device_code: string;
  @Text() user_code: string;
  @Text() verification_uri: string;
  @Text() verification_uri_complete: string;
  @Integer() expires_in: number;
  @Integer() interval: number;
}

/** RFC 8414 and OpenID Connect Discovery 1.0. */
export class AuthorizationServerMetadata {
  @Text() issuer: string;
  @Text() authorization_endpoint: string;
  @Text() token_endpoint: string;
  @Text() device_authorization_endpoint: string;
  @Text() registration_endpoint: string;
  @Text() revocation_endpoint: string;
  @Text() userinfo_endpoint: string;
  @Text() jwks_uri: string;
  @TextList() response_types_supported: string[];
  @TextList() response_modes_supported: string[];
  @TextList() grant_types_supported: string[];
  @TextList() token_endpoint_auth_methods_supported: string[];
  @TextList() code_challenge_methods_supported: string[];
  @TextList() scopes_supported: string[];
  @Flag() resource_parameter_supported: boolean;
  @TextList() protected_resources_supported: string[];
  @Flag() authorization_response_iss_parameter_supported: boolean;
  @Flag() client_id_metadata_document_supported: boolean;
  @TextList() subject_types_supported: string[];
  @TextList() id_token_signing_alg_values_supported: string[];
  @TextList() claims_supported: string[];
}

/** RFC 9728. */
export class ProtectedResourceMetadata {
  @Text() resource: string;
  @TextList() authorization_servers: string[];
  @TextList() bearer_methods_supported: string[];
}

/** Name and addresses are the application's own claim. */
@WireName('oauth.ClientInfo')
export class ApplicationInfo {
  @Text() client_id: string;
  @Text() client_name: string;
  @Text({ optional: true }) client_uri?: string;
  @Text({ optional: true }) logo_uri?: string;
  @Text({ optional: true }) policy_uri?: string;
  @Text({ optional: true }) tos_uri?: string;
}

export class UserInfo {
  @Uuid() sub: string;
  @Text() email: string;
  @Flag() email_verified: boolean;
  @Text({ optional: true }) name?: string;
  @Text({ optional: true }) picture?: string;
  @Uuid() ls_org_id: string;
  @Text() ls_org_name: string;
}

export class RememberedConsent {
  @Uuid() organization_id: string;
  @Uuid({ nullable: true }) workspace_id: string | null;
}

/** What the consent page shows. */
export class ConsentRequest {
  @Nested(() => ApplicationInfo) client: ApplicationInfo;
  @Text() redirect_host: string;
  /** On this computer, or an address that an application on it has claimed. */
  @OneOf(['web', 'loopback', 'native'], 'RedirectKind') redirect_kind: 'web' | 'loopback' | 'native';
  @TextList() scopes: string[];
  @Uuid({
    nullable: true,
    description: 'The only organization for which it can be approved; null: any of the person.',
  })
  organization_id: string | null;
  @Nested(() => RememberedConsent, {
    nullable: true,
    description: 'Approved before, so that the page does not ask.',
  })
  remembered: RememberedConsent | null;
  @Text() denied_redirect_uri: string;
}

export class ApprovalResponse {
  @Text() redirect_uri: string;
}

/** The access of an application to one organization, for the caller. Name and addresses are the application's own claim. */
export class AuthorizedApp {
  @Text() client_id: string;
  @Text() client_name: string;
  @Text({ optional: true }) client_uri?: string;
  @Text({ optional: true }) logo_uri?: string;
  @Instant() authorized_at: string;
  @TextList() scopes: string[];
  @Uuid() organization_id: string;
  @Text() organization_name: string;
  @Uuid({ optional: true, description: 'Where it acts unless a request names another workspace.' })
  workspace_id?: string;
  @Instant({ optional: true }) last_used_at?: string;
  @Instant() expires_at: string;
}

export class AuthorizedAppQuery {
  @Uuid({ optional: true, description: 'Only there.' }) organization_id?: string;
}

export class AuthorizedAppByIdQuery extends AuthorizedAppQuery {
  @Text() client_id: string;
}

/** What the page for devices shows. */
export class DeviceRequest {
  @Nested(() => ApplicationInfo) client: ApplicationInfo;
  @Text() user_code: string;
  @TextList() scopes: string[];
  @Instant() requested_at: string;
  @Instant() expires_at: string;
  @Text({ nullable: true }) requested_from: string | null;
  @Text({ nullable: true }) user_agent: string | null;
}

export class DeviceDecision {
  @OneOf(['authorized', 'denied'], 'DeviceDecisionStatus') status: 'authorized' | 'denied';
  @Text() client_id: string;
}
