import type { Problem } from '../../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../../common/errors/validation.errors.js';
import type {
  BasicAuthMemberCreate,
  BasicAuthUserPatch,
  UserWithPassword,
} from '../../../../contract/basic-auth.js';
import type { OrgIdentityPatch } from '../../../../contract/members.js';
import {
  fromInvites,
  type NewMember,
  problemsOfInvite,
  type RowLocator,
} from '../../../invitations/index.js';
import type { AddedMember } from './add-basic-members.js';
import type { AccountChange, MemberChange } from './basic-members.service.js';
import { chosenIdProblems, chosenIds } from './chosen-ids.js';

/** Problems of a row that the schema does not cover. */
export const problemsOfMember = (row: object, loc: Problem['loc']): Problem[] => [
  ...problemsOfInvite(row, loc),
  ...chosenIdProblems(row, loc),
];

/** Reports all problems, each with its row. */
export function fromMemberCreates(bodies: readonly BasicAuthMemberCreate[], locate: RowLocator): NewMember[] {
  if (bodies.some((body) => chosenIdProblems(body, []).length > 0))
    throw new ValidationFailed(bodies.flatMap((body, row) => problemsOfMember(body, locate(row))));
  const rows = fromInvites(bodies, locate);
  const chosen = chosenIds(
    rows.map(({ email }, row) => ({ ...bodies[row]!, email })),
    locate,
  );
  if (chosen.problems.length > 0) throw new ValidationFailed(chosen.problems);
  return rows.map((row) => ({ ...row, userId: chosen.byEmail.get(row.email) ?? null }));
}

/** A null password or role means no change; a null name clears it (docs/contract/http.md#null-and-absent-fields). */
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
