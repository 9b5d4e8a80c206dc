import {
  Flag,
  Instant,
  ListOf,
  MAX_NAME_LENGTH,
  OneOf,
  Text,
  Uuid,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import { CreatedCredentials } from './api-keys.js';
import {
  ACCESS_SCOPES,
  type AccessScope,
  AUTH_PROVIDERS,
  type AuthProvider,
  PASSWORD_CHOOSERS,
  type PasswordChooser,
  PROVISIONING_METHODS,
  type ProvisioningMethod,
} from './enums.js';

export class ProviderUserSlim {
  @Uuid() id: string;
  @OneOf(AUTH_PROVIDERS, 'AuthProvider', { nullable: true, optional: true }) provider?: AuthProvider | null;
  @Uuid() ls_user_id: string;
  @Uuid({ nullable: true, optional: true }) saml_provider_id?: string | null;
  @Uuid({ nullable: true, optional: true }) provider_user_id?: string | null;
  @Instant() created_at: string;
  @Instant() updated_at: string;
  @Text({ nullable: true, optional: true }) email?: string | null;
  @Text({ nullable: true, optional: true }) full_name?: string | null;
  @Text({ nullable: true, optional: true }) first_name?: string | null;
  @Text({ nullable: true, optional: true }) last_name?: string | null;
  @Text({ nullable: true, optional: true }) username?: string | null;
  @Flag({ nullable: true, optional: true }) is_disabled?: boolean | null;
  @OneOf(PROVISIONING_METHODS, 'ProvisioningMethod', { nullable: true, optional: true })
  provisioning_method?: ProvisioningMethod | null;
  @Instant({ nullable: true, optional: true }) email_confirmed_at?: string | null;
  @OneOf(PASSWORD_CHOOSERS, 'PasswordChooser', {
    optional: true,
    description: 'Who set the password; only of your own login with a password.',
  })
  password_chosen_by?: PasswordChooser;
}

export class Identity {
  @Uuid() id: string;
  @Uuid() organization_id: string;
  @Uuid({ nullable: true, optional: true }) tenant_id?: string | null;
  @Instant() created_at: string;
  @Uuid() user_id: string;
  @Uuid() ls_user_id: string;
  @Flag({ deprecated: true }) read_only: boolean;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
  @Text({ nullable: true, optional: true }) role_name?: string | null;
  @OneOf(ACCESS_SCOPES, 'AccessScope', { default: 'workspace' }) access_scope?: AccessScope;
}

export class MemberIdentity extends Identity {
  @Text({ nullable: true, optional: true }) email?: string | null;
  @Text({ nullable: true, optional: true }) full_name?: string | null;
  @Text({ nullable: true, optional: true }) avatar_url?: string | null;
  @ListOf(() => ProviderUserSlim, { default: [] }) linked_login_methods?: ProviderUserSlim[];
  @Text({ nullable: true, optional: true }) display_name?: string | null;
  @Flag({ default: false }) is_disabled?: boolean;
  @Uuid({ nullable: true, optional: true }) org_role_id?: string | null;
  @Text({ nullable: true, optional: true }) org_role_name?: string | null;
}

export class OrgMemberIdentity extends MemberIdentity {
  @UuidList({ default: [] }) tenant_ids?: string[];
}

export class OrgIdentityPatch {
  @Text({ nullable: true, optional: true }) password?: string | null;
  @Text({ nullable: true, optional: true, unpublishedMaxLength: MAX_NAME_LENGTH }) full_name?: string | null;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
}

/** What the removed member created; the published description leaves the response open. */
export class RemovedOrgMember extends CreatedCredentials {}

export class IdentityCreate {
  @Uuid({ nullable: true, optional: true, deprecated: true }) user_id?: string | null;
  @Uuid({ nullable: true, optional: true }) org_identity_id?: string | null;
  @Uuid({ nullable: true, optional: true }) ls_user_id?: string | null;
  @Flag({ nullable: true, optional: true, deprecated: true }) read_only?: boolean | null;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
  /** The published sample request contains only this field (docs/contract/members.md#role-of-added-members). */
  @Uuid({ nullable: true, optional: true, unpublished: true }) workspace_role_id?: string | null;
}

export class IdentityPatch {
  @Flag({ nullable: true, optional: true, deprecated: true }) read_only?: boolean | null;
  @Uuid() role_id: string;
}

export class BasicAuthMemberCreate {
  @Uuid({ nullable: true, optional: true }) user_id?: string | null;
  @Uuid({ nullable: true, optional: true }) ls_user_id?: string | null;
  @Text() email: string;
  @Flag({ nullable: true, optional: true, deprecated: true }) read_only?: boolean | null;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
  @Text({ nullable: true, optional: true }) password?: string | null;
  @Text({ nullable: true, optional: true, unpublishedMaxLength: MAX_NAME_LENGTH }) full_name?: string | null;
  @Uuid({ nullable: true, optional: true }) workspace_role_id?: string | null;
  @UuidList({ nullable: true, optional: true }) workspace_ids?: string[] | null;
}

export class BasicAuthUserPatch {
  @Text({ nullable: true, optional: true }) password?: string | null;
  @Text({ nullable: true, optional: true, unpublishedMaxLength: MAX_NAME_LENGTH }) full_name?: string | null;
}

export class UserWithPassword {
  @Uuid() id: string;
  @Uuid() ls_user_id: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
  @Text() email: string;
  @Text({ nullable: true, optional: true }) full_name?: string | null;
  @Text({ nullable: true, optional: true }) avatar_url?: string | null;
  @Text({ nullable: true, optional: true }) password?: string | null;
}
