import { Conflict, Forbidden, NotFound } from '../../../../common/errors/domain-error.js';

/** Operators manage members, not how users sign in (docs/contract/sign-in.md#operators-and-login-methods). */
export class OnlyAdminsTestSignIn extends Forbidden {
  readonly code = 'only_admins_test_sign_in';
  static readonly message = 'Only organization admins can test single sign-on.';
}

/** The test shows what single sign-on gives, which it does in the default organization only. */
export class NotTheDefaultOrg extends Conflict {
  readonly code = 'not_the_default_org';
  static readonly message =
    'Single sign-on adds people to the default organization, which is another one; start the test there.';
}

/** Never started, read already, expired, or of another session. */
export class TestSignInNotFound extends NotFound {
  readonly code = 'test_sign_in_not_found';
  static readonly message =
    'There is no such test of this session, its result was read already, or it took longer than ten minutes. ' +
    'Start a new test.';
}
