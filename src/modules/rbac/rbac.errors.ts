import { Conflict, Forbidden, NotFound, Rejected } from '../../common/errors/domain-error.js';

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
export class UnfitRole extends Rejected {
  readonly code = 'unfit_role';
  constructor(problems: { at: (string | number)[]; msg: string }[]) {
    super('this does not make a role', {
      problems: problems.map(({ at, msg }) => ({ loc: ['body', ...at], msg, type: 'value_error' })),
    });
  }
}

/** Operators manage members, not what roles mean (contract decision 5). */
export class OnlyAdminsDesignRoles extends Forbidden {
  readonly code = 'only_admins_design_roles';
  constructor() {
    super('Custom roles are managed by organization admins.');
  }
}

export class MayNotGrant extends Forbidden {
  readonly code = 'may_not_grant';
  constructor(displayName: string) {
    super(
      `You may neither give nor take away the role ${displayName}: it allows more than you hold yourself.`,
    );
  }
}
