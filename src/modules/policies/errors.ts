import {
  Conflict,
  Forbidden,
  NotFound,
  type Problem,
  Unprocessable,
} from '../../common/errors/domain-error.js';

export class AccessPolicyNotFound extends NotFound {
  static readonly message = 'There is no such access policy here.';
}

/** Well-formed, but nothing could ever meet it, or it cannot be attached there (docs/contract/roles.md#access-policies). */
export class InvalidAccessPolicy extends Unprocessable {
  constructor(problems: readonly Problem[]) {
    super('the access policy has no meaning', { problems });
  }
}

/** Attaching or detaching it gives more than the caller holds (docs/contract/members.md#no-escalation). */
export class AccessPolicyNotGrantable extends Forbidden {}

/** An allowing policy grants every holder of a role more than they hold (docs/contract/members.md#no-escalation). */
export class OnlyAdminsManagePolicies extends Forbidden {
  static readonly message = 'Access policies are managed by organization admins.';
}

export class AccessPolicyNameTaken extends Conflict {
  static readonly message = 'An access policy with this name exists already.';
}

/** 403, since clients take a 409 for "it exists already" (docs/contract/roles.md#access-policies). */
export class AccessPolicyLimitReached extends Forbidden {
  constructor(limit: number) {
    super(
      `The organization has ${limit} access policies, which is the limit; an organization admin can delete some.`,
    );
  }
}
