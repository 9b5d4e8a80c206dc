import { Flag, Instant, MAX_NAME_LENGTH, Text, Uuid, UuidList } from '../common/http/fields.decorator.js';

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
