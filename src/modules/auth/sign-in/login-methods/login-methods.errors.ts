import { Forbidden } from '../../../../common/errors/domain-error.js';

/** Organization Operators manage members, not login methods (docs/contract/sign-in.md#operators-and-login-methods). */
export class OnlyAdminsRestrictLogins extends Forbidden {
  readonly code = 'only_admins_restrict_logins';
  constructor() {
    super('Only organization admins may change the allowed login methods.');
  }
}

/** Proves that single sign-on works for the admin who disables all other login methods. */
export class SsoSessionRequired extends Forbidden {
  readonly code = 'sso_session_required';
  constructor() {
    super(
      'Sign in by single sign-on first, and repeat it in that session: this proves that single sign-on works.',
    );
  }
}
