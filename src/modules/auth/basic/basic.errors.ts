import { Conflict, Forbidden, Unauthenticated } from '../../../common/errors/domain-error.js';

/** Unknown person, wrong password, malformed credentials: one answer for all (contract decision 1). */
export class InvalidLogin extends Unauthenticated {
  readonly code = 'login_refused';
  constructor() {
    super('Invalid credentials');
  }
}

export class OnlyAdminsChangeAdminAccounts extends Forbidden {
  readonly code = 'admin_accounts_are_for_admins';
  constructor() {
    super('Operators may change accounts of Organization Users and Viewers only; ask an organization admin.');
  }
}

/** Whoever gave them another one could act as somebody who has proved their address (contract decision 49). */
export class PasswordIsTheOwners extends Forbidden {
  readonly code = 'password_is_the_owners';
  constructor() {
    super(
      'This person has proved their e-mail address and chosen this password themselves, so only they can change it; ' +
        'the operator of this installation can reset it (npm run admin -- passwords:reset).',
    );
  }
}

/** Somebody outside of the organization chose the password, and could act as the new member (contract decision 49). */
export class PasswordProvesNothing extends Conflict {
  readonly code = 'password_proves_nothing';
  constructor(userIds: readonly string[]) {
    super(
      `The password of ${named(userIds)} was not chosen by this organization, so whoever chose it could act here as that ` +
        'person; invite the person instead, who accepts once the address is proved.',
    );
  }
}

/** Contract decision 49: an operator may have chosen or seen a password whose origin is not known. */
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

/** An account is one over all organizations: an admin of one of them may not take it over. */
export class AccountIsShared extends Forbidden {
  readonly code = 'account_is_shared';
  constructor() {
    super(
      'This person belongs to other organizations too, so password and name can only be changed by the person.',
    );
  }
}
