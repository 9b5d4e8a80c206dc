import { Conflict, Forbidden, NotFound } from '../../common/errors/domain-error.js';
import type { UnmetRequirement } from '../orgs/index.js';

/** A key must not lift what limits keys (docs/contract/keys.md#keys-made-with-keys). */
export class KeyCreationSwitchNeedsSession extends Forbidden {
  static readonly message =
    'Sign in to allow keys to create keys; no key or personal access token may do that.';
}

/** With another separator, names of groups give other roles (docs/contract/organizations.md#scim-separators). */
export class OnlyAdminsChangeGroupSeparator extends Forbidden {
  static readonly message =
    'Only an Organization Admin may change scim_group_name_separator: the roles that groups give depend on it.';
}

/** What identity providers write gives roles then (docs/contract/scim.md#roles). */
export class OnlyAdminsSwitchScimRoles extends Forbidden {
  static readonly message =
    'Only an Organization Admin may change scim_roles_enabled: it lets an identity provider give every role.';
}

/** docs/contract/organizations.md#ip-allowlist */
export class OnlyAdminsChangeAllowlist extends Forbidden {
  static readonly message =
    'Only an Organization Admin may change ip_allowlist: it decides from where everybody has access.';
}

/** Whoever sets how people sign in decides who gets in (docs/contract/sign-in.md#sign-in-requirement). */
export class OnlyAdminsRequireSignIn extends Forbidden {
  static readonly message =
    'Only an Organization Admin may change required_acr, required_amr and max_authentication_age.';
}

/** Sessions of weaker sign-ins, which are refused, would work again (docs/contract/sign-in.md#sign-in-requirement). */
export class TokenOfWeakerSignIn extends Forbidden {
  static readonly message =
    'This token was created with a sign-in that does not meet what the organization requires, or it is not known which. A session ' +
    'that meets it can change this, or a service key of an Organization Admin, or the operator with `sign-in-requirement:drop`.';
}

/** No password session could meet it. */
export class SignInRequirementNeedsSso extends Conflict {
  static readonly message =
    'Users sign in with passwords here, so nothing can be required of an identity provider; the operator of this ' +
    'installation can set up single sign-on.';
}

/** Its admin would lock out themselves, and most likely everybody. */
export class OwnSignInInsufficient extends Conflict {
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
  static readonly message =
    'Only an Organization Admin of both this organization and the current default can change the default organization.';
}

export class PersonalOrgCannotBeDefault extends Forbidden {
  static readonly message =
    'A personal organization has no other members, so it cannot be the default organization.';
}

/** See docs/contract/http.md#null-and-absent-fields. */
export class OnboardingNotStarted extends NotFound {
  static readonly message = 'You have no onboarding state yet; create it with a POST.';
}
