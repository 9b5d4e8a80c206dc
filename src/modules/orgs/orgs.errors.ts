import { Conflict, NotFound } from '../../common/errors/domain-error.js';

export class OrgNotFound extends NotFound {
  readonly code = 'org_not_found';
  static readonly message = 'There is no such organization here.';
}

/** Created concurrently by another request of the user. */
export class PersonalOrgExists extends Conflict {
  readonly code = 'personal_org_exists';
  static readonly message = 'You have a personal organization already.';
}
