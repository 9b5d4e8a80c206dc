import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { MemberStates } from '../../members/index.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import { EndAccess, revokedDetails } from './end-access.js';
import { ScimAccounts } from './scim-accounts.js';
import type { ScimUserRow } from './scim-users.repository.js';
import type { UserProfile } from './user-profile.js';

export type ProfileChange = { readonly before: UserProfile; readonly after: UserProfile };

/** Applies a changed SCIM user to the membership, account and invitations. */
@Injectable()
export class ApplyUserChange {
  constructor(
    private readonly accounts: ScimAccounts,
    private readonly states: MemberStates,
    private readonly endAccess: EndAccess,
    private readonly reach: ScimTokenScope,
  ) {}

  /** The changes, for the audit log. */
  async run(principal: ScimPrincipal, row: ScimUserRow, { before, after }: ProfileChange) {
    await this.reach.assertMayChange(principal, [row.userId]);
    const { orgId, userId } = row;
    if (row.madeAccount && !sameLogin(before, after)) await this.reach.assertMayReassign(principal, userId);
    const disabled =
      before.active && after.active === false
        ? [{ userId, emails: [...before.emails, ...after.emails] }]
        : [];
    const revoked = await this.endAccess.disable(principal, disabled);
    if (!before.active && after.active) await this.states.enable(orgId, userId);
    const emailIsTaken = await this.accounts.applyProfileChange(row, before, after); // memberships first, as in sign-in
    const movedEmails = after.email === before.email ? [] : [{ userId, emails: [after.email] }];
    const replaced = await this.endAccess.endInvitations(principal, movedEmails); // no user is pending and a member
    return {
      changed: changedNames(before, after),
      ...(emailIsTaken ? { account_email: 'held_by_another' } : {}),
      ...revokedDetails(row, revoked, replaced),
    };
  }
}

/** An account that SCIM created is found at sign-in by these values, so it follows them. */
const sameLogin = (before: UserProfile, after: UserProfile): boolean =>
  before.externalId === after.externalId && before.email === after.email;

/** Names of attributes, never their values: the audit log holds no personal data. */
function changedNames(before: UserProfile, after: UserProfile): string[] {
  const scalarFields = ({ userName, externalId, active, attributes }: UserProfile) => ({
    userName,
    externalId,
    active,
    ...attributes,
  });
  const one: Record<string, unknown> = scalarFields(before);
  const other: Record<string, unknown> = scalarFields(after);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])).sort();
}
