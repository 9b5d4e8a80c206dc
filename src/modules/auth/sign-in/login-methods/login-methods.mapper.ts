import type { AllowedLoginMethodsUpdate } from '../../../../contract/sign-in.js';
import type { ProviderUserSlim } from '../../../../contract/members.js';
import type { PasswordChooser } from '../../../passwords/index.js';
import { type OrgMember, toOrgMember } from '../../../members/index.js';

/** Null means unchanged (docs/contract/http.md#null-and-absent-fields). */
export const fromAllowedLoginMethods = ({ sso_only }: AllowedLoginMethodsUpdate): boolean | undefined =>
  sso_only ?? undefined;

export function toLoginMethods(
  member: OrgMember | null,
  passwordChooser: PasswordChooser | null,
): ProviderUserSlim[] {
  const logins = member ? (toOrgMember(member).linked_login_methods ?? []) : [];
  return passwordChooser === null
    ? logins
    : logins.map((login) =>
        login.provider === 'email' ? { ...login, password_chosen_by: passwordChooser } : login,
      );
}
