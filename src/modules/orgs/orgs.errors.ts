import { Conflict, Forbidden, NotFound } from '../../common/errors/domain-error.js';

export class OrgNotFound extends NotFound {
  readonly code = 'org_not_found';
  static readonly message = 'There is no such organization here.';
}

/** Created concurrently by another request of the user. */
export class PersonalOrgExists extends Conflict {
  readonly code = 'personal_org_exists';
  static readonly message = 'You have a personal organization already.';
}

/** The organization accepts requests from other networks only (docs/contract/organizations.md#ip-allowlist). */
export class AddressNotAllowed extends Forbidden {
  readonly code = 'address_not_allowed';
  static readonly message =
    'This organization does not accept requests from your network; an admin of the organization decides which it accepts.';
}

export class AllowlistExcludesCaller extends Conflict {
  readonly code = 'allowlist_excludes_caller';
  static readonly message =
    'ip_allowlist has to contain the address of this request, or you would lose access with it.';
}
