import { Conflict, Forbidden, NotFound, type Problem } from '../../../common/errors/domain-error.js';

export class MemberNotFound extends NotFound {
  static readonly message = 'There is no such member here.';
}

export class AlreadyInWorkspace extends Conflict {
  static readonly message = 'This user is already a member of the workspace.';
}

/** An organization always keeps one active Organization Admin, on every path (docs/contract/members.md#last-admin). */
export class LastAdminRequired extends Conflict {
  static readonly message =
    'An organization needs at least one active Organization Admin whose role does not end; appoint another one first.';
}

/** The next synchronization would silently undo a manual change. */
export class RoleIsProvisioned extends Conflict {
  static readonly message =
    'This role comes from a group of the identity provider (SCIM); change the members of the group there.';
}

/** What an identity provider gives ends when it is taken away there. */
export class AccessEndManagedByProvider extends Conflict {
  static readonly message =
    'The identity provider gives this access, so it has no end here (access_expires_at); it ends when it is taken away there.';
}

/** Not even by those who may give the same to others (docs/contract/members.md#access-that-ends). */
export class OwnAccessEnd extends Forbidden {
  /** @param who the address of the caller's own person */
  constructor(
    message: string = OwnAccessEnd.message,
    readonly who: readonly string[] = [],
    problems?: readonly Problem[],
  ) {
    super(message, problems && { problems });
  }
  static readonly message =
    'Your own access here has an end, which you cannot put off; ask somebody else who may give this access.';
}

export class OperatorCannotChangeRole extends Forbidden {
  static readonly message =
    'Operators may manage Organization Users and Organization Viewers only; ask an organization admin.';
}

export class OnlyAdminsManageAdmins extends Forbidden {
  static readonly message =
    'An Organization Admin is admin of every workspace; only organization admins may change their role there or remove them.';
}

export class MayNotRevokeMemberTokens extends Forbidden {
  static readonly message =
    'Only organization admins may revoke the personal access tokens of other members.';
}
