import {
  Conflict,
  Forbidden,
  NotFound,
  type Problem,
  Unprocessable,
} from '../../common/errors/domain-error.js';

/** No such role here: unknown, of another organization, or for the other scope. */
export class RoleNotFound extends NotFound {
  readonly code = 'role_not_found';
  constructor(roleId: string) {
    super(`There is no role ${roleId} that could be used here.`);
  }
}

export class SystemRoleIsFixed extends Forbidden {
  readonly code = 'system_role_is_fixed';
  constructor() {
    super('System roles can be neither changed nor deleted.');
  }
}

export class RoleNameTaken extends Conflict {
  readonly code = 'role_name_taken';
  constructor() {
    super('A workspace role with this display name exists already.');
  }
}

export class RoleInUse extends Conflict {
  readonly code = 'role_in_use';
  constructor(by: string) {
    super(`This role is still held by ${by}.`);
  }
}

/** A design that no custom role may have; `at` is the place in the body. */
export class InvalidRole extends Unprocessable {
  readonly code = 'unfit_role';
  constructor(problems: { at: (string | number)[]; msg: string }[]) {
    super('this does not make a role', {
      problems: problems.map(({ at, msg }) => ({ loc: ['body', ...at], msg, type: 'value_error' })),
    });
  }
}

/** Operators manage members, not what roles mean (contract decision 5). */
export class OnlyAdminsManageRoles extends Forbidden {
  readonly code = 'only_admins_design_roles';
  constructor() {
    super('Custom roles are managed by organization admins.');
  }
}

/** Contract decision 48: whoever chooses a password, or is shown one, can act as its owner. */
export class OnlyAdminsChoosePasswords extends Forbidden {
  readonly code = 'only_admins_choose_passwords';
  constructor(at: readonly Problem['loc'][] = []) {
    super(ONLY_ADMINS_CHOOSE_PASSWORDS, forbiddenAt(at, ONLY_ADMINS_CHOOSE_PASSWORDS));
  }
}

const ONLY_ADMINS_CHOOSE_PASSWORDS =
  'Only Organization Admins choose passwords for others or make accounts with them; invite people instead ' +
  '(POST /api/v1/orgs/current/members), and change your own password by PATCH /api/v1/orgs/members/basic.';

/** Contract decision 48: a key that leaked must not take an account over. */
export class PasswordNeedsSession extends Forbidden {
  readonly code = 'password_needs_session';
  constructor(at: readonly Problem['loc'][] = []) {
    super(PASSWORD_NEEDS_SESSION, forbiddenAt(at, PASSWORD_NEEDS_SESSION));
  }
}

const PASSWORD_NEEDS_SESSION =
  'Passwords are set and changed by people who are signed in; API keys and personal access tokens may not do it.';

const forbiddenAt = (at: readonly Problem['loc'][], msg: string) =>
  at.length > 0 ? { problems: at.map((loc) => ({ loc, msg, type: 'forbidden' })) } : {};

export class RoleNotGrantable extends Forbidden {
  readonly code = 'may_not_grant';
  constructor(displayName: string) {
    super(
      `You may neither give nor take away the role ${displayName}: it allows more than you hold yourself.`,
    );
  }
}
