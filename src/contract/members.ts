import {
  Flag,
  Instant,
  ListOf,
  Misnamed,
  NULLISH,
  OneOf,
  PersonName,
  Text,
  Uuid,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import { CreatedCredential, CreatedCredentials } from './api-keys.js';
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

/** `access_expires_at` of requests and answers. */
export const AccessEnd = (description = 'When the access ends; null: it is permanent.') =>
  Instant({ ...NULLISH, description });

/** Of answers that show what was there before. */
export const AccessEndApplied = () =>
  Flag({
    optional: true,
    description: 'False if the request names another end than access_expires_at, which stays; else absent.',
  });

/** In operations that invite or add people: `expires_at` of pending rows is the end of the offer. */
export const MisnamedAccessEnd = () => Misnamed('The end of access is called access_expires_at');

export class ProviderUserSlim {
  @Uuid() id: string;
  @OneOf(AUTH_PROVIDERS, 'AuthProvider', NULLISH) provider?: AuthProvider | null;
  @Uuid() ls_user_id: string;
  @Uuid(NULLISH) saml_provider_id?: string | null;
  @Uuid(NULLISH) provider_user_id?: string | null;
  @Instant() created_at: string;
  @Instant() updated_at: string;
  @Text(NULLISH) email?: string | null;
  @Text(NULLISH) full_name?: string | null;
  @Text(NULLISH) first_name?: string | null;
  @Text(NULLISH) last_name?: string | null;
  @Text(NULLISH) username?: string | null;
  @Flag(NULLISH) is_disabled?: boolean | null;
  @OneOf(PROVISIONING_METHODS, 'ProvisioningMethod', NULLISH) provisioning_method?: ProvisioningMethod | null;
  @Instant(NULLISH) email_confirmed_at?: string | null;
  @OneOf(PASSWORD_CHOOSERS, 'PasswordChooser', {
    optional: true,
    description: 'Who set the password; only of your own login with a password.',
  })
  password_chosen_by?: PasswordChooser;
}

const REVERSION = 'The role from `access_expires_at` on; null: the access ends then.';

export class Identity {
  @Uuid() id: string;
  @Uuid() organization_id: string;
  @Uuid(NULLISH) tenant_id?: string | null;
  @Instant() created_at: string;
  @Uuid() user_id: string;
  @Uuid() ls_user_id: string;
  @Flag({ deprecated: true }) read_only: boolean;
  @Uuid(NULLISH) role_id?: string | null;
  @Text(NULLISH) role_name?: string | null;
  @OneOf(ACCESS_SCOPES, 'AccessScope', { default: 'workspace' }) access_scope?: AccessScope;
  @AccessEnd() access_expires_at?: string | null;
  @Uuid({ ...NULLISH, description: REVERSION }) reverts_to_role_id?: string | null;
}

export class MemberIdentity extends Identity {
  @Text(NULLISH) email?: string | null;
  @Text(NULLISH) full_name?: string | null;
  @Text(NULLISH) avatar_url?: string | null;
  @ListOf(() => ProviderUserSlim, { default: [] }) linked_login_methods?: ProviderUserSlim[];
  @Text(NULLISH) display_name?: string | null;
  @Flag({ default: false }) is_disabled?: boolean;
  @Uuid(NULLISH) org_role_id?: string | null;
  @Text(NULLISH) org_role_name?: string | null;
}

export class OrgMemberIdentity extends MemberIdentity {
  @UuidList({ default: [] }) tenant_ids?: string[];
}

export class OrgIdentityPatch {
  @Text(NULLISH) password?: string | null;
  @PersonName() full_name?: string | null;
  @Uuid(NULLISH) role_id?: string | null;
  @AccessEnd() access_expires_at?: string | null;
  @Uuid({ ...NULLISH, description: REVERSION }) reverts_to_role_id?: string | null;
}

/** What the removed member created; the published description leaves the response open. */
export class RemovedOrgMember extends CreatedCredentials {
  @ListOf(() => CreatedCredential, { description: 'Their access ends. `short_key` is the client id.' })
  approved_applications: CreatedCredential[];
}

export class IdentityCreate {
  @Uuid({ ...NULLISH, deprecated: true }) user_id?: string | null;
  @Uuid(NULLISH) org_identity_id?: string | null;
  @Uuid(NULLISH) ls_user_id?: string | null;
  @Flag({ ...NULLISH, deprecated: true }) read_only?: boolean | null;
  @Uuid(NULLISH) role_id?: string | null;
  /** The published sample request contains only this field (docs/contract/members.md#role-of-added-members). */
  @Uuid({ ...NULLISH, unpublished: true }) workspace_role_id?: string | null;
  @AccessEnd() access_expires_at?: string | null;
  @MisnamedAccessEnd() expires_at?: unknown;
}

export class IdentityPatch {
  @Flag({ ...NULLISH, deprecated: true }) read_only?: boolean | null;
  @Uuid({ optional: true, description: 'Required unless an end is given.' }) role_id?: string;
  @AccessEnd() access_expires_at?: string | null;
  @Uuid({ ...NULLISH, description: REVERSION }) reverts_to_role_id?: string | null;
}

export class BasicAuthMemberCreate {
  @Uuid(NULLISH) user_id?: string | null;
  @Uuid(NULLISH) ls_user_id?: string | null;
  @Text() email: string;
  @Flag({ ...NULLISH, deprecated: true }) read_only?: boolean | null;
  @Uuid(NULLISH) role_id?: string | null;
  @Text(NULLISH) password?: string | null;
  @PersonName() full_name?: string | null;
  @Uuid(NULLISH) workspace_role_id?: string | null;
  @UuidList(NULLISH) workspace_ids?: string[] | null;
  @AccessEnd() access_expires_at?: string | null;
  @MisnamedAccessEnd() expires_at?: unknown;
}

export class BasicAuthUserPatch {
  @Text(NULLISH) password?: string | null;
  @PersonName() full_name?: string | null;
}

export class UserWithPassword {
  @Uuid() id: string;
  @Uuid() ls_user_id: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
  @Text() email: string;
  @Text(NULLISH) full_name?: string | null;
  @Text(NULLISH) avatar_url?: string | null;
  @Text(NULLISH) password?: string | null;
  @AccessEnd() access_expires_at?: string | null;
  @AccessEndApplied() access_expires_at_applied?: boolean;
}
