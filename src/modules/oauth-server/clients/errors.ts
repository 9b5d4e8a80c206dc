import { BadRequest, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

export class OauthClientNotFound extends NotFound {
  static readonly message = 'There is no such application here.';
}

/** People of the organization are asked to trust it. */
export class OnlyAdminsManageOauthClients extends Forbidden {
  static readonly message = 'Applications are managed by organization admins.';
}

/** 403, as of access policies: the list is not paged. */
export class OauthClientLimitReached extends Forbidden {
  static readonly message = 'An organization has at most 100 applications. Delete one first.';
}

export class OauthClientIsPublic extends BadRequest {
  static readonly message = 'A public application has no secret.';
}
