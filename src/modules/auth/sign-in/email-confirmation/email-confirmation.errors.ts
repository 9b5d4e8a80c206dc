import { Forbidden, Gone, NotFound, UpstreamFailed } from '../../../../common/errors/domain-error.js';

export class EmailOfAnotherUser extends Forbidden {
  readonly code = 'email_of_another_user';
  constructor() {
    super('You can confirm the e-mail address of your own account only.');
  }
}

export class ProviderNotFound extends NotFound {
  readonly code = 'provider_not_found';
  constructor() {
    super('None of your organizations has this provider.');
  }
}

export class MailNotAccepted extends UpstreamFailed {
  readonly code = 'mail_not_accepted';
  readonly timedOut = false;
  constructor() {
    super(
      'The mail server did not accept the mail; try again later, or ask the operator of this installation.',
    );
  }
}

/** The link was never sent, was used, or was replaced by a newer one. */
export class ConfirmationNotFound extends NotFound {
  readonly code = 'confirmation_not_found';
  constructor() {
    super('This link is not valid or not valid any more; request a new one.');
  }
}

export class ConfirmationExpired extends Gone {
  readonly code = 'confirmation_expired';
  constructor() {
    super('This link has expired; request a new one.');
  }
}
