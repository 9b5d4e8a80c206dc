import { Conflict, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

export class WebhookNotFound extends NotFound {
  readonly code = 'webhook_not_found';
  static readonly message = 'There is no such webhook here.';
}

/** What happens in the organization would go to an address of the caller's choice. */
export class OnlyAdminsManageWebhooks extends Forbidden {
  readonly code = 'only_admins_manage_webhooks';
  static readonly message = 'Webhooks are managed by organization admins.';
}

export class TooManyWebhooks extends Conflict {
  readonly code = 'too_many_webhooks';
  static readonly message = 'An organization has at most 20 webhooks. Delete one first.';
}
