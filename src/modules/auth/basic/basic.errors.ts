import { Forbidden, Unauthenticated } from '../../../common/errors/domain-error.js';

/** Unknown person, wrong password, malformed credentials: one answer for all (contract decision 1). */
export class LoginRefused extends Unauthenticated {
  readonly code = 'login_refused';
  constructor() {
    super('Invalid credentials');
  }
}

export class AdminAccountsAreForAdmins extends Forbidden {
  readonly code = 'admin_accounts_are_for_admins';
  constructor() {
    super('Operators may change accounts of Organization Users and Viewers only; ask an organization admin.');
  }
}

/** An account is one over all organizations: an admin of one of them may not take it over. */
export class AccountIsShared extends Forbidden {
  readonly code = 'account_is_shared';
  constructor() {
    super(
      'This person belongs to other organizations too, so password and name can only be changed by the person.',
    );
  }
}
