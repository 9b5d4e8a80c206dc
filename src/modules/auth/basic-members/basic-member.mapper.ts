import type { Problem } from '../../../common/errors/domain-error.js';
import type { BodyRows } from '../../../common/http/operations/body.decorator.js';
import type {
  BasicAuthMemberCreate,
  BasicAuthUserPatch,
  OrgIdentityPatch,
  UserWithPassword,
} from '../../../contract/members.js';
import type { RevokeCreatedQuery } from '../../../contract/api-keys.js';
import type { HandedOverPasswordLink, PasswordLinkInfo } from '../../../contract/sign-in.js';
import {
  type LocatedRows,
  locatedRows,
  type NewMember,
  endOfRow,
  problemsOfInvite,
  readInvites,
} from '../../invitations/index.js';
import { fromRolePatch, revokesCreated } from '../../members/index.js';
import type { AddedMember } from './add-basic-members.js';
import type { AccountChange, MemberChange } from './basic-members.service.js';
import { chosenIdProblems, chosenIds } from './chosen-ids.js';
import type { NewHandedOverLink } from './hand-over-password-link.js';
import type { LinkDescription } from './password-link-uses.js';

/** Problems of a row that the schema does not cover. */
export const problemsOfMember = (row: object, loc: Problem['loc']): Problem[] => [
  ...problemsOfInvite(row, loc),
  ...chosenIdProblems(row, loc),
];

export function fromMemberCreates(body: BodyRows<BasicAuthMemberCreate>): LocatedRows<NewMember> {
  const { read, malformed } = readInvites(body);
  const chosen = chosenIds(read.map(({ loc, row, invite: { email } }) => ({ ...row, email, loc })));
  return locatedRows(
    read.map(({ loc, invite }) => ({
      loc,
      row: { ...invite, userId: chosen.byEmail.get(invite.email) ?? null },
    })),
    [...malformed, ...chosen.problems],
  );
}

/** A null password or role means no change; a null name clears it (docs/contract/http.md#null-and-absent-fields). */
export const fromUserPatch = (body: BasicAuthUserPatch): AccountChange => ({
  password: body.password ?? undefined,
  fullName: body.full_name,
});

export const fromMemberPatch = (body: OrgIdentityPatch, query: RevokeCreatedQuery): MemberChange => ({
  ...fromUserPatch(body),
  role: fromRolePatch(body),
  revokeCreated: revokesCreated(query),
});

export const toUserWithPassword = ({
  user,
  password,
  accessExpiresAt,
  requestedEnd,
}: AddedMember): UserWithPassword => ({
  id: user.id,
  ls_user_id: user.id,
  created_at: user.createdAt.toISOString(),
  updated_at: user.updatedAt.toISOString(),
  email: user.email,
  full_name: user.fullName,
  avatar_url: user.avatarUrl,
  password,
  ...endOfRow(requestedEnd, accessExpiresAt),
});

export const toLinkInfo = ({ email, purpose, orgName, expiresAt }: LinkDescription): PasswordLinkInfo => ({
  email,
  purpose,
  organization_name: orgName,
  expires_at: expiresAt.toISOString(),
});

export const toHandedOverLink = ({ token, url, expiresAt }: NewHandedOverLink): HandedOverPasswordLink => ({
  token,
  url,
  expires_at: expiresAt.toISOString(),
});
