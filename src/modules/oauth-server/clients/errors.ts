import { BadRequest, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

export class OauthClientNotFound extends NotFound {
  readonly code = 'oauth_client_not_found';
  static readonly message = 'There is no such application here.';
}

/** People of the organization are asked to trust it. */
export class OnlyAdminsManageOauthClients extends Forbidden {
  readonly code = 'only_admins_manage_oauth_clients';
  static readonly message = 'Applications are managed by organization admins.';
}

/** 403, as of access policies: the list is not paged. */
export class OauthClientLimitReached extends Forbidden {
  readonly code = 'oauth_client_limit_reached';
  static readonly message = 'An organization has at most 100 applications. Delete one first.';
}

export class OauthClientIsPublic extends BadRequest {
  readonly code = 'oauth_client_is_public';
  static readonly message = 'A public application has no secret.';
}
