import { Forbidden } from '../../../common/errors/domain-error.js';

/** Operators manage members, not how people get in (contract decision 5). */
export class OnlyAdminsRestrictLogins extends Forbidden {
  readonly code = 'only_admins_restrict_logins';
  constructor() {
    super('How people sign in is decided by organization admins.');
  }
}

/** The proof that it works, for the very person who shuts all other doors. */
export class SsoSessionRequired extends Forbidden {
  readonly code = 'sso_session_needed';
  constructor() {
    super(
      'Sign in by single sign-on first, and repeat it in that session: it proves that this way in works.',
    );
  }
}
