import { Conflict, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

export class AccessPolicyNotFound extends NotFound {
  readonly code = 'access_policy_not_found';
  constructor() {
    super('There is no such access policy here.');
  }
}

/** A policy that allows gives every holder of a role more than they hold (contract decisions 34 and 51). */
export class OnlyAdminsManagePolicies extends Forbidden {
  readonly code = 'only_admins_manage_policies';
  constructor() {
    super('Access policies are managed by organization admins.');
  }
}

export class AccessPolicyNameTaken extends Conflict {
  readonly code = 'access_policy_name_taken';
  constructor() {
    super('An access policy with this name exists already.');
  }
}

/** Not a conflict: clients take that for "it exists already" and go on (operations.md, status codes). */
export class AccessPolicyLimitReached extends Forbidden {
  readonly code = 'access_policy_limit_reached';
  constructor(limit: number) {
    super(
      `The organization has ${limit} access policies, which is all it can have; an organization admin can delete some.`,
    );
  }
}
