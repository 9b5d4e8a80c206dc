import { ConcurrencyConflict, Forbidden, type Problem, Unauthenticated } from '../errors/domain-error.js';

/** The credential is missing, unknown, expired or revoked; the response does not say which. */
export class InvalidCredential extends Unauthenticated {
  static readonly message = 'Invalid token';
}

/**
 * The principal has no access to the named organization or workspace; the response is the same if it does not exist
 * (docs/contract/http.md#contexts).
 */
export class ContextForbidden extends Forbidden {
  constructor(kind: 'organization' | 'workspace') {
    super(`This credential has no access to the named ${kind}.`);
  }
}

export class NoOrganization extends Forbidden {
  static readonly message = 'You are not a member of any organization yet; claim an invitation first.';
}

/** Also for an API key whose workspaces have all been deleted. */
export class NoWorkspace extends Forbidden {
  static readonly message =
    'You have no workspace here; name one with X-Tenant-Id or ask an admin to add you to one.';
}

/** SDKs match this exact code. */
export class OrgScopedKeyRequiresWorkspace extends Forbidden {
  static readonly message = 'org_scoped_key_requires_workspace';
}

export class PermissionMissing extends Forbidden {
  constructor(permission: string) {
    super(`This needs the permission ${permission}.`);
  }
}

/**
 * The change gives or takes more than the caller holds, by something other than the role that it names: a user group, a
 * deny policy that ends, or a deny policy of the caller (docs/contract/members.md#no-escalation).
 */
export class ChangeExceedsRights extends Forbidden {}

/** Something would last for longer than the rights with which it is given (docs/contract/members.md#what-a-caller-whose-access-ends-gives). */
export class ChangeOutlivesCaller extends Forbidden {
  /** @param who addresses of people, and names of what else would have it */
  constructor(
    message: string,
    readonly who: readonly string[] = [],
    problems?: readonly Problem[],
  ) {
    super(message, problems && { problems });
  }
}

export class SessionRequired extends Forbidden {
  static readonly message = 'This is for signed-in people; API keys may not be used here.';
}

/** docs/contract/oauth.md#what-an-application-may-not-do */
export class ApplicationMayNotCreate extends Forbidden {
  override readonly fields: { readonly console_page: string };

  /** @param page its address in the console */
  constructor(page: string) {
    super(`An application creates no credentials and sets no passwords. Do this in the console: ${page}`);
    this.fields = { console_page: page };
  }
}

export class OrganizationDisabled extends Forbidden {
  static readonly message = 'This organization is disabled.';
}

/** The organization accepts single sign-on sessions only. Does not apply to API keys and break-glass sessions. */
export class SsoRequired extends Forbidden {
  static readonly message =
    'This organization accepts single sign-on only; sign in again with single sign-on.';
}

export class MemberDisabled extends Forbidden {
  static readonly message =
    'Your membership in this organization is disabled; an organization admin can restore it.';
}

/** The principal's rights changed while the request waited for a lock; the request changed nothing. */
export class RightsChanged extends ConcurrencyConflict {
  static readonly message =
    'Your rights were changed at the same moment; reload, and retry if you still have access.';
}
