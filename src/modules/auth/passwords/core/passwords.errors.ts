import { Conflict, Forbidden, Unauthenticated } from '../../../../common/errors/domain-error.js';

/** One error for an unknown user, a wrong password and malformed credentials (docs/contract/passwords.md#login). */
export class InvalidLogin extends Unauthenticated {
  readonly code = 'invalid_login';
  constructor() {
    super('Invalid credentials');
  }
}

export class OnlyAdminsChangeAdminAccounts extends Forbidden {
  readonly code = 'only_admins_change_admin_accounts';
  constructor() {
    super('Operators may change accounts of Organization Users and Viewers only; ask an organization admin.');
  }
}

/**
 * Another person could otherwise act as a user whose address is proved
 * (docs/contract/passwords.md#what-a-password-proves).
 */
export class PasswordIsTheOwners extends Forbidden {
  readonly code = 'password_is_the_owners';
  constructor() {
    super(
      'This user has verified their e-mail address and chosen this password, so only they can change it; ' +
        'the operator of this installation can reset it (npm run admin -- passwords:reset).',
    );
  }
}

/** The password was chosen outside of this organization (docs/contract/passwords.md#what-a-password-proves). */
export class PasswordProvesNothing extends Conflict {
  readonly code = 'password_proves_nothing';
  constructor(userIds: readonly string[]) {
    super(
      `The password of ${named(userIds)} was not chosen by this organization, so the person who chose it could act ` +
        'as this user; invite the user instead, who can accept after verifying the e-mail address.',
    );
  }
}

/**
 * The origin of the password is unknown, so an operator may know it
 * (docs/contract/passwords.md#what-a-password-proves).
 */
export class PromotionNeedsNewPassword extends Conflict {
  readonly code = 'promotion_needs_new_password';
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

/** An account is shared by all organizations of its user: an admin of one of them may not take it over. */
export class AccountIsShared extends Forbidden {
  readonly code = 'account_is_shared';
  constructor() {
    super('This user belongs to other organizations too, so only they can change their password and name.');
  }
}
