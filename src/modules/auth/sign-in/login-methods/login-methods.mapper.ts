import { ValidationFailed } from '../../../../common/errors/validation.errors.js';
import type { AllowedLoginMethodsUpdate } from '../../../../contract/login-methods.js';
import type { ProviderUserSlim } from '../../../../contract/members.js';
import { type OrgMember, toOrgMember } from '../../../members/index.js';

/** The published type allows null, which has no meaning for a switch (docs/contract/http.md#null-and-absent-fields). */
export function fromAllowedLoginMethods({
  sso_only: ssoOnly,
}: AllowedLoginMethodsUpdate): boolean | undefined {
  if (ssoOnly !== null) return ssoOnly;
  const problem = { msg: 'Input should be a valid boolean', type: 'bool_type' };
  throw new ValidationFailed([{ loc: ['body', 'sso_only'], ...problem }]);
}

export const toLoginMethods = (member: OrgMember | null): ProviderUserSlim[] =>
  member ? (toOrgMember(member).linked_login_methods ?? []) : [];
