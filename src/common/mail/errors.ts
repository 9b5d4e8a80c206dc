import { Forbidden } from '../errors/domain-error.js';

export class MailServerNotConfigured extends Forbidden {
  static readonly message =
    'This installation is not set up to send links by mail; its operator can set SMTP_URL, MAIL_FROM ' +
    'and LANGSMITH_URL.';
}

/** A folder of templates that cannot be used. */
export class InvalidMailTemplates extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}
