import {
  Flag,
  MAX_DESCRIPTION_LENGTH,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
} from '../common/http/operations/fields.decorator.js';
import { ACCESS_SCOPES, type AccessScope } from './enums.js';

export class PermissionResponse {
  @Text() name: string;
  @Text() description: string;
  @OneOf(ACCESS_SCOPES, 'AccessScope') access_scope: AccessScope;
}

export class Role {
  @Uuid() id: string;
  @Text() name: string;
  @Text() display_name: string;
  @Text() description: string;
  @Uuid(NULLISH) organization_id?: string | null;
  @TextList() permissions: string[];
  @OneOf(ACCESS_SCOPES, 'AccessScope', NULLISH) access_scope?: AccessScope | null;
  @Flag({ default: false }) is_restricted?: boolean;
}

/** Of the published API of November 2026. */
export class RoleRestrictionUpdate {
  @Flag() is_restricted: boolean;
}

export class CreateRoleRequest {
  @Text() display_name: string;
  @Text({ unpublishedMaxLength: MAX_DESCRIPTION_LENGTH }) description: string;
  @TextList() permissions: string[];
}

export class UpdateRoleRequest {
  @Text() display_name: string;
  @Text({ unpublishedMaxLength: MAX_DESCRIPTION_LENGTH }) description: string;
  @TextList() permissions: string[];
}
