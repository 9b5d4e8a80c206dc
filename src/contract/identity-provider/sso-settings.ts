import { referenceTo } from '../../common/http/operations/field.decorator.js';
import {
  Flag,
  Instant,
  ListOf,
  Mapping,
  Nested,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
  UuidList,
  WireName,
} from '../../common/http/operations/fields.decorator.js';
import { ApiExtraModels, ApiPropertyOptional } from '../../common/http/operations/swagger.decorator.js';

export class SupabaseAttributeMappingKey {
  @Text() name: string;
  @Flag({ default: false }) array?: boolean;
}

/** The published values of `keys` are a class, which no field decorator can express: `SsoSettingsPipe` checks them. */
@ApiExtraModels(SupabaseAttributeMappingKey)
class SupabaseAttributeMapping {
  @Mapping({ optional: true, unpublished: true })
  @ApiPropertyOptional({ type: 'object', additionalProperties: referenceTo(SupabaseAttributeMappingKey) })
  keys?: Record<string, SupabaseAttributeMappingKey>;
}

export class SSOProvider {
  @Uuid() id: string;
  @Uuid() organization_id: string;
  @Uuid() provider_id: string;
  @Uuid() default_workspace_role_id: string;
  @UuidList() default_workspace_ids: string[];
  @Text(NULLISH) metadata_url?: string | null;
  @Text(NULLISH) metadata_xml?: string | null;
  @Flag({ default: false }) sso_groups_enabled?: boolean;
  @Text({ default: 'groups' }) sso_groups_claim_field?: string;
  @Flag({ default: false }) sso_groups_required?: boolean;
  @Flag({ default: true }) sso_groups_role_sync_enabled?: boolean;
  @Nested(() => SupabaseAttributeMapping, NULLISH) attribute_mapping?: SupabaseAttributeMapping | null;
  @Text(NULLISH) attribute_mapping_load_error?: string | null;
}

export class SSOSettingsCreate {
  @Uuid() default_workspace_role_id: string;
  @UuidList() default_workspace_ids: string[];
  @Text(NULLISH) metadata_xml?: string | null;
  @Text(NULLISH) metadata_url?: string | null;
  @Nested(() => SupabaseAttributeMapping, NULLISH) attribute_mapping?: SupabaseAttributeMapping | null;
  @Flag({ default: false }) sso_groups_enabled?: boolean;
  @Text({ default: 'groups' }) sso_groups_claim_field?: string;
  @Flag({ default: false }) sso_groups_required?: boolean;
  @Flag({ default: true }) sso_groups_role_sync_enabled?: boolean;
}

export class SSOSettingsUpdate {
  @Uuid(NULLISH) default_workspace_role_id?: string | null;
  @UuidList(NULLISH) default_workspace_ids?: string[] | null;
  @Text(NULLISH) metadata_url?: string | null;
  @Text(NULLISH) metadata_xml?: string | null;
  @Flag(NULLISH) sso_groups_enabled?: boolean | null;
  @Text(NULLISH) sso_groups_claim_field?: string | null;
  @Flag(NULLISH) sso_groups_required?: boolean | null;
  @Flag(NULLISH) sso_groups_role_sync_enabled?: boolean | null;
  @Nested(() => SupabaseAttributeMapping, NULLISH) attribute_mapping?: SupabaseAttributeMapping | null;
}

export class SSOProviderSlim {
  @Uuid() provider_id: string;
  @Uuid() organization_id: string;
  @Text() organization_display_name: string;
}

@WireName('_SSOEmailLookupRequest')
export class SSOEmailLookupRequest {
  @Text() email: string;
}

export class SSOEmailVerificationSendRequest {
  @Text() email: string;
  @Uuid() saml_provider_id: string;
}

export class SSOEmailVerificationStatusRequest extends SSOEmailVerificationSendRequest {}

export class SSOEmailVerificationStatusResponse {
  @Instant(NULLISH) email_confirmed_at?: string | null;
}

export class SSOConfirmEmailRequest {
  @Text() token: string;
}

const PEOPLE = ['weaker', 'new', 'invited', 'member'] as const;

class SignInOutcome {
  @OneOf(PEOPLE, 'SignInOutcomePerson', {
    description: '`weaker`: whoever does not sign in as the organization requires.',
  })
  person: (typeof PEOPLE)[number];
  @Flag({ nullable: true, description: 'In a group that gives a role; null: groups decide nothing.' })
  has_group: boolean | null;
  @Text({ nullable: true, description: 'Why the person may sign in; null: they may not.' })
  rule: string | null;
  @Text({ nullable: true, description: 'Why the person may not sign in.' }) refusal: string | null;
  @Flag({ description: 'The person gets the roles of their groups.' }) group_roles: boolean;
}

/** Not part of the published API. */
export class SignInOutcomes {
  @UuidList({ description: 'Where people start who join at their first sign-in.' })
  default_workspace_ids: string[];
  @Uuid() default_workspace_role_id: string;
  @ListOf(() => SignInOutcome) outcomes: SignInOutcome[];
}

/**
 * Not part of the published API: this installation as a client of its identity provider. The addresses have the names of
 * OpenID Connect Dynamic Client Registration.
 */
export class SsoConnection {
  @Text({ description: 'The issuer, or the address of its metadata, as the operator has set it.' })
  issuer_url: string;
  @Text() client_id: string;
  @TextList() scopes: string[];
  @Text() redirect_uri: string;
  @Text() initiate_login_uri: string;
  @Text() post_logout_redirect_uri: string;
  @Text() backchannel_logout_uri: string;
  @Text() frontchannel_logout_uri: string;
}
