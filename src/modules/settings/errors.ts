import { Conflict, Forbidden, NotFound } from '../../common/errors/domain-error.js';
import type { UnmetRequirement } from '../orgs/index.js';

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

/** docs/contract/organizations.md#ip-allowlist */
export class OnlyAdminsChangeAllowlist extends Forbidden {
  readonly code = 'only_admins_change_allowlist';
  static readonly message =
    'Only an Organization Admin may change ip_allowlist: it decides from where everybody has access.';
}

/** Whoever sets how people sign in decides who gets in (docs/contract/sign-in.md#sign-in-requirement). */
export class OnlyAdminsRequireSignIn extends Forbidden {
  readonly code = 'only_admins_require_sign_in';
  static readonly message =
    'Only an Organization Admin may change required_acr, required_amr and max_authentication_age.';
}

/** Sessions of weaker sign-ins, which are refused, would work again (docs/contract/sign-in.md#sign-in-requirement). */
export class TokenOfWeakerSignIn extends Forbidden {
  readonly code = 'token_of_weaker_sign_in';
  static readonly message =
    'This token was created with a sign-in that does not meet what the organization requires, or it is not known which. A session ' +
    'that meets it can change this, or a service key of an Organization Admin, or the operator with `sign-in-requirement:drop`.';
}

/** No password session could meet it. */
export class SignInRequirementNeedsSso extends Conflict {
  readonly code = 'sign_in_requirement_needs_sso';
  static readonly message =
    'Users sign in with passwords here, so nothing can be required of an identity provider; the operator of this ' +
    'installation can set up single sign-on.';
}

/** Its admin would lock out themselves, and most likely everybody. */
export class OwnSignInInsufficient extends Conflict {
  readonly code = 'own_sign_in_insufficient';
  constructor(unmet: UnmetRequirement) {
    super(
      `${OWN_SIGN_IN[unmet]}. Test sign-in shows what it reports; sign in again so, and repeat the change.`,
    );
  }
}

const OWN_SIGN_IN: Readonly<Record<UnmetRequirement, string>> = {
  acr: 'Your own session has none of the required acr values of the identity provider',
  amr: 'Your own session lacks a required amr value of the identity provider',
  age: 'Your own sign-in is longer ago than required, or the identity provider did not say when it was',
};

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
