import {
  Flag,
  Instant,
  Integer,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
  WireName,
} from '../common/http/operations/fields.decorator.js';

/*
 * What the endpoints of OAuth and OpenID Connect return; members that are not set are absent (docs/contract/oauth.md).
 */

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
