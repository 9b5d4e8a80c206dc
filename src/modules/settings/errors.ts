import { Forbidden, NotFound } from '../../common/errors/domain-error.js';

/** A key must not lift what limits keys (docs/contract/keys.md#keys-made-with-keys). */
export class KeyCreationSwitchNeedsSession extends Forbidden {
  readonly code = 'key_creation_switch_needs_session';
  static readonly message =
    'Sign in to allow keys to create keys; no key or personal access token may do that.';
}

/** With another separator, names of groups give other roles (docs/contract/organizations.md#scim-separators). */
export class OnlyAdminsChangeGroupSeparator extends Forbidden {
  readonly code = 'only_admins_change_group_separator';
  static readonly message =
    'Only an Organization Admin may change scim_group_name_separator: the roles that groups give depend on it.';
}

/** What identity providers write gives roles then (docs/contract/scim.md#roles). */
export class OnlyAdminsSwitchScimRoles extends Forbidden {
  readonly code = 'only_admins_switch_scim_roles';
  static readonly message =
    'Only an Organization Admin may change scim_roles_enabled: it lets an identity provider give every role.';
}

/** Requires admin rights in both: one organization loses the provisioning of new users, the other receives it. */
export class DefaultOrgChangeForbidden extends Forbidden {
  readonly code = 'default_org_change_forbidden';
  static readonly message =
    'Only an Organization Admin of both this organization and the current default can change the default organization.';
}

export class PersonalOrgCannotBeDefault extends Forbidden {
  readonly code = 'personal_org_cannot_be_default';
  static readonly message =
    'A personal organization has no other members, so it cannot be the default organization.';
}

/** See docs/contract/http.md#null-and-absent-fields. */
export class OnboardingNotStarted extends NotFound {
  readonly code = 'onboarding_not_started';
  static readonly message = 'You have no onboarding state yet; create it with a POST.';
}
