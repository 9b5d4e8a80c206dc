import { Gone, NotFound } from '../../../common/errors/domain-error.js';

/** The link was never made, was replaced by a newer one, or must not set this password any more. */
export class PasswordLinkNotFound extends NotFound {
  readonly code = 'password_link_not_found';
  constructor() {
    super('This link is not valid, or not valid any more; ask for a new one.');
  }
}

export class PasswordLinkExpired extends Gone {
  readonly code = 'password_link_expired';
  constructor() {
    super('This link has expired; ask for a new one.');
  }
}

export class PasswordLinkUsed extends Gone {
  readonly code = 'password_link_used';
  constructor() {
    super('This link has been used already; sign in with the password that was set, or ask for a new link.');
  }
}
