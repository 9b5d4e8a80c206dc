import { Conflict, Forbidden, NotFound, Unauthenticated } from '../../common/errors/domain-error.js';

/** Browsers attach the cookie to requests of other sites, too (docs/contract/sign-in.md#session-cookie). */
export class CrossSiteRequest extends Forbidden {
  static readonly message =
    'A request that changes data with the session cookie must come from this server or from an origin listed in ' +
    'CORS_ALLOWED_ORIGINS, with an Origin header.';
}

/** The provider does not respond or refuses this installation: the session is kept, but cannot be used. */
export class SessionNotConfirmed extends Unauthenticated {
  static readonly message =
    'Your session could not be confirmed with the identity provider, which does not answer or rejects this ' +
    'installation. Try again in a minute; if it persists, tell the operator of this installation.';
}

/** Somebody else has signed in in the same browser since the page was loaded (docs/contract/http.md#cors-and-cookies). */
export class SessionOfAnotherUser extends Conflict {
  static readonly message =
    'The session of this browser belongs to another user than the page; reload the page.';
}

/** It has ended, or is not the caller's. */
export class SessionNotFound extends NotFound {
  static readonly message = 'You have no such session; it may have ended already.';
}

/** A session is not limited to the organization, so operators neither see nor end those of members. */
export class OnlyAdminsManageSessions extends Forbidden {
  static readonly message = 'Sessions of members are shown to and ended by organization admins only.';
}

/** A session is valid in all organizations of its user, so its end concerns all of them. */
export class SessionsAreShared extends Conflict {
  static readonly message =
    'This user also belongs to an organization of which you are not an Organization Admin, so you cannot end their ' +
    'sessions. They can do so themselves in their settings; their access to this organization ends if you remove them.';
}
