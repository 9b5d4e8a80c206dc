import { Conflict } from '../../common/errors/domain-error.js';

/** One address is one person; it was given to another one at the same moment. */
export class EmailAlreadyInUse extends Conflict {
  readonly code = 'email_belongs_to_somebody';
  constructor() {
    super('This e-mail address belongs to another person here already.');
  }
}

/** One (issuer, subject) is one person; it was given to another one before, or at the same moment. */
export class LoginAlreadyInUse extends Conflict {
  readonly code = 'login_belongs_to_somebody';
  constructor() {
    super('This login of the identity provider belongs to another person here already.');
  }
}
