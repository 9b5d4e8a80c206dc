import { Instant, ListOf, MAX_NAME_LENGTH, Text, Uuid } from '../common/http/fields.decorator.js';

export class ServiceAccountWorkspaceAssignment {
  @Uuid() workspace_id: string;
  @Uuid({ nullable: true, optional: true }) role_id?: string | null;
}

export class ServiceAccountCreateRequest {
  @Text({ unpublishedMaxLength: MAX_NAME_LENGTH, visible: true }) name: string;
  @ListOf(() => ServiceAccountWorkspaceAssignment, { default: [], maxSize: 500 })
  workspaces?: ServiceAccountWorkspaceAssignment[];
}

export class ServiceAccount {
  @Uuid() id: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
  @Text() name: string;
  @Uuid() organization_id: string;
  @Uuid({ nullable: true }) default_workspace_id: string | null;
}

export class ServiceAccountCreateResponse extends ServiceAccount {
  @Uuid() organization_identity_id: string;
}

export class ServiceAccountDeleteResponse extends ServiceAccount {}
