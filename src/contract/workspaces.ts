import {
  Flag,
  Instant,
  Integer,
  Nested,
  NULLISH,
  OneOf,
  PlaceName,
  Text,
  TextList,
  Uuid,
  UuidList,
  WireName,
} from '../common/http/operations/fields.decorator.js';
import { InviteAccess } from './organizations.js';
import { PERMISSION_NAMES, type PermissionName } from './roles.js';

@WireName('app__schemas__Tenant')
export class Tenant {
  @Uuid() id: string;
  @Uuid(NULLISH) organization_id?: string | null;
  @Instant() created_at: string;
  @Text() display_name: string;
  @Flag() is_personal: boolean;
  @Flag() is_deleted: boolean;
  @Text(NULLISH) tenant_handle?: string | null;
  @Text(NULLISH) data_plane_url?: string | null;
  /** Not in the published schema (docs/contract/access-requests.md#targets). */
  @Flag({
    optional: true,
    description: 'Members of the organization may ask for a role. Absent: they may not.',
  })
  requestable?: boolean;
}

const WITH_COUNTS = 'Only with `include_counts`; null where you may not read members.';

export class TenantForUser extends Tenant {
  @Flag({ default: false, deprecated: true }) read_only?: boolean;
  @Uuid(NULLISH) role_id?: string | null;
  @Text(NULLISH) role_name?: string | null;
  @TextList(NULLISH) permissions?: string[] | null;
  /** Not in the published schema (docs/contract/invitations.md#may-i-invite). */
  @Nested(() => InviteAccess, {
    ...NULLISH,
    description:
      'Whether you may invite people to the workspace. Null if it is deleted or you cannot act in it.',
  })
  invite_access?: InviteAccess | null;
  /** Not in the published schema (docs/contract/organizations.md#people-in-workspaces). */
  @Integer({ ...NULLISH, description: `Members of the workspace. ${WITH_COUNTS}` }) member_count?:
    number | null;
  @Integer({ ...NULLISH, description: `Pending invitations to the workspace. ${WITH_COUNTS}` })
  pending_count?: number | null;
  @Integer({
    ...NULLISH,
    description: `Roles in the workspace that an identity provider gives to users with the attribute \`roles\`. ${WITH_COUNTS}`,
  })
  provisioned_role_count?: number | null;
}

/** Small, since a user chooses among hundreds. */
export class WorkspaceName {
  @Uuid() id: string;
  @Text() display_name: string;
  @Text(NULLISH) role_name?: string | null;
}

export class TenantCreate {
  @Uuid({ optional: true }) id?: string;
  @Uuid(NULLISH) organization_id?: string | null;
  @PlaceName(/^[a-zA-Z0-9\-_ ']+$/)
  display_name: string;
  @Text(NULLISH) tenant_handle?: string | null;
  @Flag({ default: false }) is_personal?: boolean;
}

export class WorkspaceCreate {
  @Uuid({ optional: true }) id?: string;
  @PlaceName(/^[a-zA-Z0-9\-_ '@()]+$/)
  display_name: string;
  @Text(NULLISH) tenant_handle?: string | null;
}

export class WorkspacePatch {
  /** Optional beside `requestable` only, which is not in the published schema. */
  @PlaceName(/^[a-zA-Z0-9\-_ '@()]+$/, {
    optional: true,
    description: 'Required unless `requestable` is given.',
  })
  display_name?: string;
  @Flag({ ...NULLISH, description: 'Whether members of the organization may ask for a role.' })
  requestable?: boolean | null;
}

/** Query of `GET /workspaces/{workspace_id}`. */
export class IncludeDeleted {
  @Flag({ default: false }) include_deleted?: boolean;
}

/** Query of `GET /workspaces`. */
export class ListWorkspaces extends IncludeDeleted {
  /** Not in the published operation. */
  @Flag({ default: false, description: 'With the numbers of members and pending invitations.' })
  include_counts?: boolean;
  @UuidList({ optional: true, maxSize: 500, description: 'Only these of the workspaces.' })
  workspace_ids?: string[];
}

/** Query of `GET /workspaces/names`. */
export class ListWorkspaceNames {
  @OneOf(PERMISSION_NAMES, 'authz_internal.Permission', { optional: true }) permission?: PermissionName;
}

/** Query of `GET /tenants`. */
export class ListTenants {
  @Flag({ default: false }) skip_create?: boolean;
  @Flag({ default: false }) include_deleted?: boolean;
}

/** The workspace with its handle, as SDKs read it to resolve the owner of prompts. */
@WireName('app__hub__crud__tenants__Tenant')
export class HubTenant {
  @Uuid() id: string;
  @Text() display_name: string;
  @Instant() created_at: string;
  @Text(NULLISH) tenant_handle?: string | null;
}

export class SetTenantHandleRequest {
  @Text() tenant_handle: string;
}

export class UserOnboardingStateResponse {
  @Uuid() id: string;
  @Uuid() ls_user_id: string;
  @Instant(NULLISH) tracing_completed_at?: string | null;
  @Instant(NULLISH) lgstudio_completed_at?: string | null;
  @Instant(NULLISH) playground_completed_at?: string | null;
  @Instant(NULLISH) evaluation_completed_at?: string | null;
  @Instant(NULLISH) success_viewed_at?: string | null;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}
