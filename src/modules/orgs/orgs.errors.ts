import { Conflict, Forbidden, NotFound, Unauthenticated } from '../../common/errors/domain-error.js';
import { type SignInRequirement, stepUpParameters, type UnmetRequirement } from './org-requirements.js';

export class OrgNotFound extends NotFound {
  static readonly message = 'There is no such organization here.';
}

/** Created concurrently by another request of the user. */
export class PersonalOrgExists extends Conflict {
  static readonly message = 'You have a personal organization already.';
}

/** The organization accepts requests from other networks only (docs/contract/organizations.md#ip-allowlist). */
export class AddressNotAllowed extends Forbidden {
  static readonly message =
    'This organization does not accept requests from your network; an admin of the organization decides which it accepts.';
}

const UNMET: Readonly<Record<UnmetRequirement, string>> = {
  acr: 'This organization requires a stronger sign-in at the identity provider than that of your session',
  amr: 'This organization requires more sign-in methods at the identity provider than your session was opened with',
  age: 'Your sign-in at the identity provider is too long ago for this organization',
};

/** With the challenge of RFC 9470, section 3 (docs/contract/sign-in.md#sign-in-requirement). */
export class InsufficientUserAuthentication extends Unauthenticated {
  override readonly challenge: string;

  constructor(unmet: UnmetRequirement, requirement: SignInRequirement) {
    super(`${UNMET[unmet]}; sign in again.`);
    const parameters = {
      error: this.code,
      error_description: UNMET[unmet],
      ...stepUpParameters(requirement),
    };
    const text = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
    this.challenge = `Bearer ${text.join(', ')}`;
  }
}

export class AllowlistExcludesCaller extends Conflict {
  static readonly message =
    'ip_allowlist has to contain the address of this request, or you would lose access with it.';
}

export class PatCreationDisabledByOrg extends Forbidden {
  static readonly message =
    'Personal access tokens are switched off in this organization; an organization admin can ' +
    'change pat_creation_disabled.';
}

export class PatCreationDisabledByOperator extends Forbidden {
  static readonly message =
    'Personal access tokens are switched off; the operator of this installation can set PAT_CREATION_DISABLED=false.';
}
