import {
  Conflict,
  Forbidden,
  LimitReached,
  NotFound,
  Unprocessable,
} from '../../../common/errors/domain-error.js';

/** Also of a request that exists and that the caller could neither make nor decide. */
export class AccessRequestNotFound extends NotFound {
  static readonly message = 'There is no such access request here.';
}

/** The same for what does not exist and for what members may not ask for (docs/contract/access-requests.md#targets). */
export class AccessTargetNotFound extends NotFound {
  static readonly message = 'There is nothing with this id that you can ask for.';
}

export class AccessAlreadyHeld extends Conflict {
  static readonly message = 'The member has this access already.';
}

/** Two ends of one membership cannot be kept. */
export class AccessIsTemporary extends Conflict {
  static readonly message =
    'The access of the member to this workspace, or their role there, has an end already.';
  override readonly remedy = 'Whoever manages the members of the workspace can change role and end.';
}

export class AccessManagedByProvider extends Conflict {
  static readonly message = 'The identity provider manages this access (SCIM or synchronized groups).';
  override readonly remedy = 'Ask for it where the groups of the identity provider are managed.';
}

export class AccessRequestOpen extends Conflict {
  static readonly message = 'You have asked for this already. Withdraw that request to make another one.';
}

export class TooManyAccessRequests extends Conflict {
  static readonly message = 'You have 10 open access requests. Withdraw one first.';
}

export class AccessRequestsOfDayExhausted extends LimitReached {
  static readonly message = 'You have made 20 access requests within 24 hours. Try again later.';
  constructor(readonly retryAfterSeconds: number) {
    super();
  }
}

/** The requester, and whoever uses a credential that they own or made, never decide a request. */
export class OwnAccessRequest extends Forbidden {
  static readonly message =
    'Somebody other than the requester decides a request, and not with a key that the requester made.';
}

export class AccessRequestClosed extends Conflict {
  static readonly message = 'This request was decided or withdrawn, or it has expired.';
}

/** What is stored never changes, so a decision would be about another situation. */
export class AccessRequestOutdated extends Conflict {
  static readonly message =
    'What the member may ask for, or their role in the workspace, has changed since they asked.';
  override readonly remedy = 'Decline the request; the member can make another one.';
}

export class ApprovalExceedsRequest extends Unprocessable {
  constructor(field: 'role_id' | 'access_expires_at', msg: string) {
    super('an approval gives what was asked for, or less', {
      problems: [{ loc: ['body', field], msg, type: 'value_error' }],
    });
  }
}
