import { Forbidden, ConcurrencyConflict, Unauthenticated } from '../errors/domain-error.js';

/** Missing, unknown, expired or ended: the same answer for all. */
export class InvalidCredential extends Unauthenticated {
  readonly code = 'invalid_credential';
  constructor() {
    super('Invalid token');
  }
}

/**
 * A named organization or workspace that is not the caller's; the same answer whether it exists (contract decision 30).
 */
export class ContextForbidden extends Forbidden {
  readonly code = 'context_not_yours';
  constructor(kind: 'organization' | 'workspace') {
    super(`This credential has no access to the named ${kind}.`);
  }
}

export class NoOrganization extends Forbidden {
  readonly code = 'no_organization';
  constructor() {
    super('You are not a member of any organization yet; claim an invitation first.');
  }
}

/** Nor has a key whose workspaces were all deleted. */
export class NoWorkspace extends Forbidden {
  readonly code = 'no_workspace';
  constructor() {
    super('You have no workspace here; name one with X-Tenant-Id or ask an admin to add you to one.');
  }
}

/** SDKs match this exact token. */
export class OrgScopedKeyRequiresWorkspace extends Forbidden {
  readonly code = 'org_scoped_key_requires_workspace';
  constructor() {
    super('org_scoped_key_requires_workspace');
  }
}

export class PermissionMissing extends Forbidden {
  readonly code = 'permission_missing';
  constructor(permission: string) {
    super(`This needs the permission ${permission}.`);
  }
}

export class SessionRequired extends Forbidden {
  readonly code = 'session_required';
  constructor() {
    super('This is for signed-in people; API keys may not be used here.');
  }
}

export class OrganizationDisabled extends Forbidden {
  readonly code = 'organization_disabled';
  constructor() {
    super('This organization is disabled.');
  }
}

/** The organization has shut the other doors; keys, and the operator's break-glass, are none of them. */
export class SsoRequired extends Forbidden {
  readonly code = 'sso_required';
  constructor() {
    super('This organization accepts single sign-on only; sign in again, that way.');
  }
}

export class MemberDisabled extends Forbidden {
  readonly code = 'member_disabled';
  constructor() {
    super('Your membership in this organization is disabled; an organization admin can restore it.');
  }
}

/** Decided by rights that somebody changed while the request waited for its turn; nothing was done by them. */
export class RightsChanged extends ConcurrencyConflict {
  readonly code = 'rights_changed';
  constructor() {
    super(
      'What you may do here was changed at this moment; look again and repeat it if it is still yours to do.',
    );
  }
}
