import { Conflict, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

export class AccessPolicyNotFound extends NotFound {
  readonly code = 'access_policy_not_found';
  constructor() {
    super('There is no such access policy here.');
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
      `The organization has ${limit} access policies, which is all it can have; whoever manages it can delete some.`,
    );
  }
}
