import { Conflict, Forbidden } from '../../../common/errors/domain-error.js';

/** A session is not limited to the organization, so operators neither see nor end those of members. */
export class OnlyAdminsManageSessions extends Forbidden {
  readonly code = 'only_admins_manage_sessions';
  static readonly message = 'Sessions of members are shown to and ended by organization admins only.';
}

/** A session is valid in all organizations of its user, so its end concerns all of them. */
export class SessionsAreShared extends Conflict {
  readonly code = 'sessions_are_shared';
  static readonly message =
    'This user also belongs to an organization of which you are not an Organization Admin, so you cannot end their ' +
    'sessions. They can do so themselves in their settings; their access to this organization ends if you remove them.';
}
