import type { BasicAuthUserPatch, UserWithPassword } from '../../../contract/basic-auth.js';
import type { OrgIdentityPatch } from '../../../contract/members.js';
import type { AddedMember } from './add-basic-members.js';
import type { AccountChange, MemberChange } from './basic-members.service.js';

/** A null password or role cannot be cleared and means "as it is"; a null name is cleared (decision 22). */
export const fromUserPatch = (body: BasicAuthUserPatch): AccountChange => ({
  password: body.password ?? undefined,
  fullName: body.full_name,
});

export const fromMemberPatch = (body: OrgIdentityPatch): MemberChange => ({
  ...fromUserPatch(body),
  roleId: body.role_id ?? undefined,
});

export const toUserWithPassword = ({ user, password }: AddedMember): UserWithPassword => ({
  id: user.id,
  ls_user_id: user.id,
  created_at: user.createdAt.toISOString(),
  updated_at: user.updatedAt.toISOString(),
  email: user.email,
  full_name: user.fullName,
  avatar_url: user.avatarUrl,
  password,
});
