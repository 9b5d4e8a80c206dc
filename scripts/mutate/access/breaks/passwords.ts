import type { Break } from '../break.ts';

const PROOF = 'src/modules/passwords/core/address-proof.ts';
const PROOFS = 'src/modules/passwords/core/address-proofs.ts';
const REJECT = 'src/modules/passwords/reject-unproved-passwords.ts';
const REPOSITORY = 'src/modules/passwords/core/passwords.repository.ts';
const EXISTING = 'src/modules/invitations/batch/existing-accounts.ts';
const OF_PERSON = 'src/modules/invitations/own/user-invitations.ts';
const TRIGGERED = 'src/database/schema/functions.sql';
const DIRECT = 'src/modules/invitations/batch/add-members-directly.ts';

const PROVENANCE = 'test/e2e/password-provenance.e2e.ts';
const ORIGINS = 'test/e2e/password-origins.e2e.ts';
const UNKNOWN = 'test/e2e/passwords-of-unknown-origin.e2e.ts';
const FORMER = 'test/e2e/passwords-of-former-members.e2e.ts';
const BASIC_MEMBERS = 'test/e2e/basic-members.e2e.ts';
const WHO = 'test/e2e/who-may-set-passwords.e2e.ts';

/** Who may choose a password, and what a password that somebody else chose proves (docs/decisions/0021). */
export const PASSWORDS: readonly Break[] = [
  {
    id: 'passwords.chosen-by-admins',
    file: 'src/modules/roles/password-choice.guard.ts',
    find: 'if (mayChoosePasswords(caller) || !rows.some(hasPassword)) return true;',
    replace: 'if (mayChoosePasswords(caller) || body !== null) return true;',
    why: 'An Organization Operator could set the password of a workspace admin and act as them.',
    tests: [WHO],
  },
  {
    id: 'passwords.chosen-in-a-session',
    file: 'src/modules/roles/org-roles.ts',
    find: `caller.credential.kind === 'session' && mayGrantOrgAdmin(caller);`,
    replace: 'mayGrantOrgAdmin(caller);',
    why: 'A leaked token would take over the account of its owner.',
    tests: [WHO],
  },
  {
    id: 'passwords.accounts-made-by-admins',
    file: 'src/modules/auth/basic-members/basic-members.controller.ts',
    find: `@UseGuards(PasswordLoginEnabledGuard, PasswordChoiceGuard)
  @OrgAdminsOnly(OnlyAdminsChoosePasswords)`,
    replace: '@UseGuards(PasswordLoginEnabledGuard, PasswordChoiceGuard)',
    why: 'An Organization Operator would be shown the passwords of new accounts.',
    tests: [WHO],
  },
  {
    id: 'passwords.keys-make-new-accounts-only',
    file: DIRECT,
    find: `if (credential.kind !== 'session') return [keyProblem(email)];`,
    replace: '',
    why: 'A leaked key would get the password of an account that exists already.',
    tests: [WHO],
  },
  {
    id: 'passwords.of-this-organization',
    file: PROOF,
    find: `if (origin.addressProved || origin.issuingOrgId === org.id) return 'any-role';`,
    replace: `if (origin.addressProved || origin.issuingOrgId !== null) return 'any-role';`,
    why: 'Anyone who founds an organization could accept the invitations of others.',
    tests: [PROVENANCE],
  },
  {
    id: 'passwords.unknown-origin-with-one-organization',
    file: PROOF,
    find: 'origin.issuingOrgId === null && org.isOnlyOne && !origin.isInOthersPersonalOrg;',
    replace: 'origin.issuingOrgId === null && !origin.isInOthersPersonalOrg;',
    why: 'An old password that the admin of another organization knows would accept invitations.',
    tests: [UNKNOWN, PROVENANCE],
  },
  {
    id: 'passwords.unknown-origin-in-a-personal-organization',
    file: PROOF,
    find: 'org.isOnlyOne && !origin.isInOthersPersonalOrg;',
    replace: 'org.isOnlyOne;',
    why: 'The admin of a personal organization could accept invitations with passwords set earlier.',
    tests: [UNKNOWN],
  },
  {
    id: 'passwords.unknown-origin-gives-ordinary-roles',
    file: 'src/modules/invitations/core/accept-invitation.ts',
    find: `(proof === 'ordinary-roles' && isOrdinaryRole(orgRoleId));`,
    replace: `(proof === 'ordinary-roles' && orgRoleId.length > 0);`,
    why: 'Somebody who knows an old password would become Organization Admin by an invitation.',
    tests: [UNKNOWN],
  },
  {
    id: 'passwords.proof-of-an-invitation',
    file: OF_PERSON,
    find: 'if (isEnoughFor(proof, invitation.orgRoleId)) return invitation;',
    replace: 'if (isEnoughFor(proof, invitation.orgRoleId) || proof) return invitation;',
    why: 'Anyone who chose the password of an account could decline its invitations.',
    tests: [PROVENANCE],
  },
  {
    id: 'passwords.proof-of-listed-invitations',
    file: OF_PERSON,
    find: '!invitation.isExpired && isEnoughFor(proofFor(invitation.orgId), invitation.orgRoleId),',
    replace: '!invitation.isExpired && proofFor(invitation.orgId) !== null,',
    why: 'Anyone who chose the password of an account could read which organizations invite it.',
    tests: [PROVENANCE],
  },
  {
    id: 'passwords.refusal-is-recorded-where-invited',
    file: OF_PERSON,
    find: 'Object.assign(refusal, { affectedOrgId: orgId });',
    replace: 'Object.assign(refusal, { affectedOrgId: orgId.slice(36) || null });',
    why: 'The inviting organization would not learn of an attempt on its invitation.',
    tests: [PROVENANCE],
  },
  {
    id: 'passwords.session-that-has-ended',
    file: PROOFS,
    find: 'if (!(await this.passwords.hasSession(user.credential.id))) throw new InvalidCredential();',
    replace: '',
    why: 'A session from before a reset would accept an invitation with what the new password proves.',
    tests: [ORIGINS],
  },
  {
    id: 'passwords.locked-while-a-response-relies-on-them',
    file: 'src/modules/passwords/core/passwords.repository.ts',
    find: 'order by user_id for share of p`',
    replace: 'order by user_id`',
    why: 'A password could be replaced at the moment when somebody joins by what it proves.',
    tests: [ORIGINS],
  },
  {
    id: 'passwords.locked-before-memberships-are-read',
    file: REPOSITORY,
    find: `text: 'select address_proved as "isProved" from passwords where user_id = $1 for update',`,
    replace: `text: 'select address_proved as "isProved" from passwords where user_id = $1',`,
    why: 'An admin could set the password of a user who joins another organization at that moment.',
    tests: [ORIGINS],
  },
  {
    id: 'passwords.unproved-members-are-not-added',
    file: REJECT,
    find: 'if (unproved.length > 0) throw new PasswordProvesNothing(unproved.length);',
    replace: 'void PasswordProvesNothing;',
    why: 'SCIM would add an account whose password the admin of another organization knows.',
    tests: [PROVENANCE],
  },
  {
    id: 'passwords.unknown-origin-is-not-promoted',
    file: REJECT,
    find: 'if (unfit.length > 0) throw new PromotionNeedsNewPassword(unfit);',
    replace: 'void PromotionNeedsNewPassword;',
    why: 'Anyone who set the password of an ordinary user earlier would become admin with their promotion.',
    tests: [UNKNOWN],
  },
  {
    id: 'passwords.promotion-removes-an-unused-one',
    file: REJECT,
    find: 'this.config.sso ? this.removeUnproved(event) : this.assertMayRise(event),',
    replace: 'this.config.sso ? Promise.resolve() : this.assertMayRise(event),',
    why: 'A password that others know would open an admin account once passwords are in use again.',
    tests: [ORIGINS],
  },
  {
    id: 'passwords.promotion-by-hand-asks',
    file: 'src/modules/members/org-members.service.ts',
    find: `if (isPromotion(before.roleId, after.roleId))
        await this.events.publish(`,
    replace: `if (isPromotion(before.roleId, after.roleId) && !after.roleId)
        await this.events.publish(`,
    why: 'A member would be promoted with a password that somebody else has set.',
    tests: [UNKNOWN],
  },
  {
    id: 'passwords.promotion-by-the-operator-asks',
    file: 'src/modules/members/org-members.service.ts',
    find: 'await this.events.publish(new MembersPromoted(orgId, [userId]));',
    replace: '',
    why: 'Break-glass access would make an admin whose old password others know.',
    tests: [ORIGINS],
  },
  {
    id: 'passwords.accounts-made-elsewhere',
    file: EXISTING,
    find: `proof === 'none' || origin.addressProved || shared.has(userId) ? 'user-owned' : proof;`,
    replace: `proof === 'none' ? 'unused' : origin.addressProved || shared.has(userId) ? 'user-owned' : proof;`,
    why: 'A batch would take in an account that somebody else made, and show its name.',
    tests: [BASIC_MEMBERS],
  },
  {
    id: 'passwords.accounts-of-owners',
    file: EXISTING,
    find: `proof === 'none' || origin.addressProved || shared.has(userId) ? 'user-owned' : proof;`,
    replace: `proof === 'none' || shared.has(userId) ? 'user-owned' : proof;`,
    why: 'A batch would take in an account without the consent of its owner.',
    tests: [BASIC_MEMBERS],
  },
  {
    id: 'passwords.accounts-of-members-elsewhere',
    file: EXISTING,
    find: `proof === 'none' || origin.addressProved || shared.has(userId) ? 'user-owned' : proof;`,
    replace: `proof === 'none' || origin.addressProved ? 'user-owned' : proof;`,
    why: 'A batch would take in the member of another organization without their consent.',
    tests: [BASIC_MEMBERS],
  },
  {
    id: 'passwords.accounts-without-one',
    file: EXISTING,
    find: `if (!origin) return held.has(userId) ? 'user-owned' : 'unused';`,
    replace: `if (!origin) return held.size < 0 ? 'user-owned' : 'unused';`,
    why: 'A batch would give a password to the member of another organization who has none.',
    tests: [PROVENANCE],
  },
  {
    id: 'passwords.unused-accounts-lose-their-name',
    file: DIRECT,
    find: `return id && statuses.get(id) === 'unused' ? [{ id, fullName }] : [];`,
    replace: `return id && statuses.get(id) === 'unused' && fullName ? [{ id, fullName }] : [];`,
    why: 'The response of a batch would show a name that another organization knows.',
    tests: [FORMER],
  },
  {
    id: 'passwords.proved-ones-are-the-owners',
    file: 'src/modules/auth/basic-members/account-rights.ts',
    find: 'if (isProved) throw new PasswordIsTheOwners();',
    replace: 'void PasswordIsTheOwners;',
    why: 'An admin could set the password of a member who has proved the address, and act as them.',
    tests: [ORIGINS],
  },
  {
    id: 'passwords.change-keeps-the-origin',
    file: REPOSITORY,
    find: `where user_id = $1 and provider = 'email' and email_confirmed_at is not null) as is_followed) mail`,
    replace: `where user_id = $1 and provider = 'email') as is_followed) mail`,
    why: 'Anyone who was given a password could make it prove the address by changing it.',
    tests: [PROVENANCE],
  },
  {
    id: 'passwords.new-one-forgets-the-link',
    file: 'src/modules/passwords/core/passwords.service.ts',
    find: 'await this.users.unconfirmPasswordLogin(password.userId);',
    replace: '',
    why: 'A link that was followed before somebody else chose the password would count for the new one.',
    tests: [ORIGINS],
  },
  {
    id: 'passwords.chosen-ones-end-sessions',
    file: 'src/modules/passwords/core/passwords.service.ts',
    find: `await this.users.unconfirmPasswordLogin(password.userId);
    await this.earlier.end(password.userId);`,
    replace: 'await this.users.unconfirmPasswordLogin(password.userId);',
    why: 'An intruder would stay signed in after an admin has set a new password.',
    tests: ['test/e2e/sessions.e2e.ts', 'test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'passwords.removed-with-the-last-membership',
    file: TRIGGERED,
    find: 'where p.user_id = o.user_id and not p.address_proved',
    replace: 'where p.user_id = o.user_id and not p.address_proved and p.user_id is null',
    why: 'A password that others chose would wait for an invitation to the address.',
    tests: [FORMER],
  },
  {
    id: 'passwords.kept-while-a-member-elsewhere',
    file: TRIGGERED,
    find: `where p.user_id = o.user_id and not p.address_proved
      and not exists (select from org_memberships m where m.user_id = p.user_id)`,
    replace: 'where p.user_id = o.user_id and not p.address_proved',
    why: 'One organization could lock a member of another one out by removing them.',
    tests: [FORMER],
  },
  {
    id: 'passwords.one-organization',
    file: 'src/modules/workspaces/organization-creation.guard.ts',
    find: 'if (!this.config.sso) throw new OneOrganizationWithPasswords();',
    replace: 'void OneOrganizationWithPasswords;',
    why: 'Anybody could found an organization and choose passwords for the addresses of others.',
    tests: ['test/e2e/one-organization.e2e.ts'],
  },
  {
    id: 'passwords.invited-accounts-show-no-id',
    file: 'src/modules/invitations/core/pending-member.mapper.ts',
    find: '  user_id: null,',
    replace: '  user_id: pendingMember.id,',
    why: 'Anyone who invites an address would find out whether it has an account.',
    tests: ['test/e2e/org-invitations.e2e.ts'],
  },
  {
    id: 'passwords.no-personal-organization',
    file: 'src/modules/workspaces/organization-creation.service.ts',
    find: 'if (this.config.sso === null || this.config.flags.personalOrgsDisabled) return;',
    replace: 'if (this.config.flags.personalOrgsDisabled) return;',
    why: 'Everybody would get an organization in which they choose passwords for others.',
    tests: ['test/e2e/one-organization.e2e.ts'],
  },
  {
    id: 'passwords.ids-of-other-accounts',
    file: 'src/modules/passwords/reject-unproved-passwords.ts',
    find: 'throw new PasswordProvesNothing(unproved.length);',
    replace:
      'throw Object.assign(new PasswordProvesNothing(1), { message: `invite the user ${unproved.join()}` });',
    why: 'A SCIM client would be told the ids of accounts of other organizations.',
    tests: ['test/e2e/password-provenance.e2e.ts'],
  },
];
