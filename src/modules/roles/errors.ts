import {
  Conflict,
  Forbidden,
  NotFound,
  type Problem,
  Unprocessable,
} from '../../common/errors/domain-error.js';

/** The role is unknown, of another organization, or of the other scope. */
export class RoleNotFound extends NotFound {
  constructor(roleId: string) {
    super(`There is no role ${roleId} that can be used here.`);
  }
}

export class SystemRoleIsFixed extends Forbidden {
  static readonly message = 'System roles can be neither changed nor deleted.';
}

export class RoleNameTaken extends Conflict {
  static readonly message = 'A workspace role with this display name exists already.';
}

export class RoleInUse extends Conflict {
  constructor(by: string) {
    super(`This role is still held by ${by}.`);
  }
}

/** An invalid custom role; `at` is the location in the body. */
export class InvalidRole extends Unprocessable {
  constructor(problems: { at: (string | number)[]; msg: string }[]) {
    super('the role is not valid', {
      problems: problems.map(({ at, msg }) => ({ loc: ['body', ...at], msg, type: 'value_error' })),
    });
  }
}

/** Operators manage members, but not role definitions (docs/contract/members.md#operators). */
export class OnlyAdminsManageRoles extends Forbidden {
  static readonly message = 'Custom roles are managed by organization admins.';
}

/** Whoever knows a password can sign in as its owner (docs/contract/passwords.md#who-may-choose-a-password). */
export class OnlyAdminsChoosePasswords extends Forbidden {
  constructor(at: readonly Problem['loc'][] = []) {
    super(ONLY_ADMINS_CHOOSE_PASSWORDS, forbiddenAt(at, ONLY_ADMINS_CHOOSE_PASSWORDS));
  }
}

const ONLY_ADMINS_CHOOSE_PASSWORDS =
  'Only Organization Admins may choose passwords for others or create accounts with them; invite users instead ' +
  '(POST /api/v1/orgs/current/members), and change your own password by PATCH /api/v1/orgs/members/basic.';

/** A leaked key must not allow an account takeover (docs/contract/passwords.md#who-may-choose-a-password). */
export class PasswordNeedsSession extends Forbidden {
  constructor(at: readonly Problem['loc'][] = []) {
    super(PASSWORD_NEEDS_SESSION, forbiddenAt(at, PASSWORD_NEEDS_SESSION));
  }
}

const PASSWORD_NEEDS_SESSION =
  'Passwords can be set and changed only with a session, not with API keys or personal access tokens.';

const forbiddenAt = (at: readonly Problem['loc'][], msg: string) =>
  at.length > 0 ? { problems: at.map((loc) => ({ loc, msg, type: 'forbidden' })) } : {};

/** docs/contract/roles.md#restricted-roles */
export class RoleIsRestricted extends Forbidden {
  constructor(displayName: string, options: { problems?: readonly Problem[] } = {}) {
    super(restrictedRoleText(displayName), options);
  }
}

export const restrictedRoleText = (displayName: string) =>
  `The role ${displayName} is restricted: only those with workspaces:manage in the workspace may assign it.`;

/** Neither an id nor a name, or both of different roles. */
export class InvalidRoleReference extends Unprocessable {
  constructor(field: 'role_id' | 'role_name', msg: string) {
    super('the role is not named', { problems: [{ loc: ['body', field], msg, type: 'value_error' }] });
  }
}

/** Organization roles are assigned by managers of the organization; there is nothing to restrict. */
export class RoleCannotBeRestricted extends Unprocessable {
  constructor() {
    super('the role cannot be restricted', {
      problems: [
        { loc: ['path', 'role_id'], msg: 'Only workspace roles can be restricted', type: 'value_error' },
      ],
    });
  }
}

export class RoleNotGrantable extends Forbidden {
  constructor(
    displayName: string,
    message = `You may neither grant nor revoke the role ${displayName}: it has permissions that you do not hold.`,
  ) {
    super(message);
  }
}
