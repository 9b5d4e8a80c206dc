import type { AllowedLoginMethodsUpdate } from '../../../../contract/login-methods.js';
import type { ProviderUserSlim } from '../../../../contract/members.js';
import { type OrgMember, toOrgMember } from '../../../members/index.js';

/** Null means unchanged (docs/contract/http.md#null-and-absent-fields). */
export const fromAllowedLoginMethods = ({ sso_only }: AllowedLoginMethodsUpdate): boolean | undefined =>
  sso_only ?? undefined;

export const toLoginMethods = (member: OrgMember | null): ProviderUserSlim[] =>
  member ? (toOrgMember(member).linked_login_methods ?? []) : [];
