import { Conflict, Gone, NotFound, Unauthenticated } from '../../../common/errors/domain-error.js';

/** One error for an unknown user, a wrong password and malformed credentials (docs/contract/passwords.md#login). */
export class InvalidLogin extends Unauthenticated {
  static readonly message = 'Invalid credentials';
}

/** Chosen elsewhere (docs/contract/passwords.md#what-a-password-proves). Their ids are not for this organization. */
export class PasswordProvesNothing extends Conflict {
  constructor(accounts: number) {
    super(
      `${accounts === 1 ? 'The password of this account' : `The password of each of ${accounts} accounts`} was not ` +
        'chosen by this organization, so the person who chose it could act as this user; invite the user instead, who ' +
        'can accept after verifying the e-mail address.',
    );
  }
}

/** An operator may know such a password (docs/contract/passwords.md#what-a-password-proves). */
export class PromotionNeedsNewPassword extends Conflict {
  constructor(userIds: readonly string[]) {
    super(
      `It is not known who chose the password of ${named(userIds)}. Before the role becomes Organization Admin or ` +
        'Operator, an Organization Admin has to set a new password (PATCH /api/v1/orgs/current/members/{identity_id}), ' +
        'or its owner has to change it (PATCH /api/v1/orgs/members/basic).',
    );
  }
}

const MOST_NAMED = 10;

const named = (userIds: readonly string[]): string => {
  const more = userIds.length - MOST_NAMED;
  return `user ${userIds.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** The link was never made, was replaced by a newer one, or may no longer set this password. */
export class PasswordLinkNotFound extends NotFound {
  static readonly message = 'This link is not valid, or not valid any more; ask for a new one.';
}

export class PasswordLinkExpired extends Gone {
  static readonly message = 'This link has expired; ask for a new one.';
}

export class PasswordLinkUsed extends Gone {
  static readonly message =
    'This link has been used already; sign in with the password that was set, or ask for a new link.';
}
