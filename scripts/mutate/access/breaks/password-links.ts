import type { Break } from '../break.ts';

const MAILED = ['test/e2e/password-links.e2e.ts'];
const HANDED_OVER = ['test/e2e/handed-over-password-links.e2e.ts'];
const SECRECY = ['test/processes/password-link-secrecy.e2e.ts'];

/** Links with which people set a password: single use, expiry, limits, and who may get one. */
export const PASSWORD_LINKS: readonly Break[] = [
  {
    id: 'password-links.used-once',
    file: 'src/modules/passwords/core/password-links.repository.ts',
    find: `where id = $1 and used_at is null and expires_at > now()',`,
    replace: `where id = $1 and expires_at > now()',`,
    why: 'Two people could set a password with one link at the same moment.',
    tests: MAILED,
  },
  {
    id: 'password-links.used-is-refused',
    file: 'src/modules/passwords/core/password-links.ts',
    find: `if (link.isUsed) throw new PasswordLinkUsed();`,
    replace: '',
    why: 'Anyone who finds an old mail would see for whom it was.',
    tests: MAILED,
  },
  {
    id: 'password-links.expire',
    file: 'src/modules/passwords/core/password-links.ts',
    find: `if (link.hasExpired) throw new PasswordLinkExpired();`,
    replace: '',
    why: 'A link would never expire.',
    tests: MAILED,
  },
  {
    id: 'password-links.of-the-address',
    file: 'src/modules/passwords/core/password-links.repository.ts',
    find: `where u.id = $1 and u.email = $2 and`,
    replace: `where u.id = $1 and $2::text is not null and`,
    why: 'A link would prove an address that its user does not have any more.',
    tests: MAILED,
  },
  {
    id: 'password-links.of-active-members',
    file: 'src/modules/passwords/core/password-links.repository.ts',
    find: `coalesce(oldest.is_open, exists (select from passwords own where own.user_id = u.id))`,
    replace: `true`,
    why: 'A disabled member would get a new password.',
    tests: MAILED,
  },
  {
    id: 'password-links.end-with-a-change',
    file: 'src/modules/passwords/core/earlier-access.ts',
    find: `await this.links.revokeOfUsers([userId]);`,
    replace: '',
    why: 'A link that somebody else holds would replace the password that its owner has just changed.',
    tests: MAILED,
  },
  {
    id: 'password-links.end-sessions',
    file: 'src/modules/passwords/core/passwords.service.ts',
    find: `await this.users.confirmPasswordLogin(password.userId);
    await this.earlier.end(password.userId);`,
    replace: `await this.users.confirmPasswordLogin(password.userId);`,
    why: 'An intruder would stay signed in after the owner has set a new password.',
    tests: MAILED,
  },
  {
    id: 'password-links.pause',
    file: 'src/modules/passwords/core/password-mail.job.ts',
    find: `const PAUSE_MINUTES = 5;`,
    replace: `const PAUSE_MINUTES = 0;`,
    why: 'Anybody could fill a mailbox.',
    tests: MAILED,
  },
  {
    id: 'password-links.requests-per-network',
    file: 'src/modules/passwords/core/request-password-link.ts',
    find: `await this.throttle.admitLink(clientHost);`,
    replace: '',
    why: 'One network could ask for links without a limit.',
    tests: MAILED,
  },
  {
    id: 'password-links.requests-per-address',
    file: 'src/modules/passwords/core/request-password-link.ts',
    find: `await this.throttle.hitFor('password link for', email);`,
    replace: '',
    why: 'Many networks could ask for links to one address without a limit.',
    tests: MAILED,
  },
  {
    id: 'password-links.uses-per-network',
    file: 'src/modules/auth/basic-members/set-password-by-link.ts',
    find: `await this.throttle.admitLink(request.clientHost);`,
    replace: '',
    why: 'One network could try tokens without a limit.',
    tests: MAILED,
  },
  {
    id: 'password-links.without-sso',
    file: 'src/modules/auth/basic-members/set-password-by-link.ts',
    find: `this.passwords.assertEnabled();`,
    replace: '',
    why: 'With single sign-on a link from before would set a password.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.rotated-by-resend',
    file: 'src/modules/invitations/mail/invitation-mail.job.ts',
    find: `await this.links.revokeOfInvitations(invitationIds);`,
    replace: '',
    why: 'The link of an earlier mail would stay valid.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-without-mail',
    file: 'src/modules/auth/basic-members/hand-over-password-link.ts',
    find: `if (this.links.areMailed) throw new PasswordLinksAreMailed();`,
    replace: '',
    why: 'An admin would get links that their users can get themselves.',
    tests: MAILED,
  },
  {
    id: 'password-links.handed-over-by-admins',
    file: 'src/modules/auth/basic-members/basic-members.controller.ts',
    find: `@Post('current/members/:identity_id/password-link')
  @RequirePermission('organization:manage', { sessionOnly: true })
  @UseGuards(PasswordLoginEnabledGuard)
  @OrgAdminsOnly(OnlyAdminsChoosePasswords)`,
    replace: `@Post('current/members/:identity_id/password-link')
  @RequirePermission('organization:manage', { sessionOnly: true })
  @UseGuards(PasswordLoginEnabledGuard)`,
    why: 'An operator could take over the account of any member.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-invitations-by-admins',
    file: 'src/modules/auth/basic-members/basic-members.controller.ts',
    find: `@Post('current/members/:identity_id/pending/password-link')
  @RequirePermission('organization:manage', { sessionOnly: true })
  @UseGuards(PasswordLoginEnabledGuard)
  @OrgAdminsOnly(OnlyAdminsChoosePasswords)`,
    replace: `@Post('current/members/:identity_id/pending/password-link')
  @RequirePermission('organization:manage', { sessionOnly: true })
  @UseGuards(PasswordLoginEnabledGuard)`,
    why: 'An operator could accept the invitation of an admin.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-in-a-session',
    file: 'src/modules/auth/basic-members/basic-members.controller.ts',
    find: `@Post('current/members/:identity_id/password-link')
  @RequirePermission('organization:manage', { sessionOnly: true })`,
    replace: `@Post('current/members/:identity_id/password-link')
  @RequirePermission('organization:manage')`,
    why: 'A leaked key would take over accounts.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-for-own-members',
    file: 'src/modules/auth/basic-members/handed-over-link.ts',
    find: `await this.rights.assertMayChoosePassword(orgId, userId);`,
    replace: '',
    why: 'An admin would get a link of an account that others use, or whose address is proved.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-is-checked-at-use',
    file: 'src/modules/auth/basic-members/handed-over-link.ts',
    find: `await concealed(this.rights.assertMayChoosePassword(orgId, userId));`,
    replace: '',
    why: 'A link would outlive the right to choose this password.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-for-active-members',
    file: 'src/modules/auth/basic-members/handed-over-link.ts',
    find: `if (!member || member.isDisabled) throw new PasswordLinkNotFound();`,
    replace: `if (!member) throw new PasswordLinkNotFound();`,
    why: 'An admin would set the password of a user who is disabled and may sign in elsewhere.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-by-a-disabled-organization',
    file: 'src/modules/auth/basic-members/handed-over-link.ts',
    find: `if (!isAdmin || (await this.orgs.get(orgId)).isDisabled)`,
    replace: `if (!isAdmin)`,
    why: 'An organization that is disabled would still set the passwords of its members.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-by-a-present-admin',
    file: 'src/modules/auth/basic-members/handed-over-link.ts',
    find: `const isAdmin = admin?.roleId === ORG_ADMIN_ID && !admin.isDisabled;`,
    replace: `const isAdmin = admin?.roleId !== ORG_ADMIN_ID || true;`,
    why: 'An admin who was removed could still take over accounts.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-proves-nothing',
    file: 'src/modules/auth/basic-members/reset-by-link.ts',
    find: `await this.passwords.choose({ userId, digest }, chosen);`,
    replace: `void chosen;
      await this.passwords.setProved({ userId, digest });`,
    why: 'An admin could prove the addresses of others to every organization.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-invitation-without-password',
    file: 'src/modules/auth/basic-members/handed-over-link.ts',
    find: `await this.assertUnused(orgId, email);`,
    replace: '',
    why: 'An admin would get a link for the account of somebody else.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.handed-over-invitation-at-use',
    file: 'src/modules/auth/basic-members/handed-over-link.ts',
    find: `await concealed(this.assertUnused(orgId, email));`,
    replace: '',
    why: 'A link would give an admin an account that belongs to another organization by now.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.of-the-invited-address',
    file: 'src/modules/auth/basic-members/accept-by-link.ts',
    find: `if (invitation.email !== link.email) throw new PasswordLinkNotFound(); // no proof of another address`,
    replace: 'void PasswordLinkNotFound;',
    why: 'The holder of one address would accept the invitation of another.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.stored-as-digests',
    file: 'src/modules/passwords/core/password-links.ts',
    find: 'return secretDigest(this.salt, token);',
    replace: 'return Buffer.from(token);',
    why: 'Anyone who reads a backup would set the passwords of others.',
    tests: SECRECY,
  },
  {
    id: 'password-links.check-agrees-with-use',
    file: 'src/modules/auth/basic-members/password-link-uses.ts',
    find: 'await this.of(link).assertUsable(link);',
    replace: '',
    why: 'A link that an admin handed over before losing the role would look usable, and tell the address of its account.',
    tests: ['test/e2e/handed-over-password-links.e2e.ts'],
  },
  {
    id: 'password-links.refusals-are-recorded',
    file: 'src/modules/auth/basic-members/set-password-by-link.ts',
    find: 'if (isOfLink(error)) await',
    replace: 'if (isOfLink(error) && error.code === token) await',
    why: 'Anyone who tries used or guessed links would leave no trace.',
    tests: ['test/e2e/handed-over-password-links.e2e.ts'],
  },
  {
    id: 'password-links.tokens-are-revoked',
    file: 'src/modules/auth/api-keys/personal-access-tokens/revoke-tokens-of-user.ts',
    find: 'const revoked = await this.keys.revokeTokensOf(userId);',
    replace: 'const revoked: { id: string; orgId: string }[] = [];\n    void this.keys;',
    why: 'Somebody who got in with the old password would keep the tokens that they created.',
    tests: ['test/e2e/handed-over-password-links.e2e.ts'],
  },
  {
    id: 'password-links.tokens-of-one-user',
    file: 'src/modules/auth/api-keys/core/token-families.statements.ts',
    find: 'where user_id = $1 and kind =',
    replace: 'where $1::uuid is not null and kind =',
    why: 'A new password would revoke the tokens of all users.',
    tests: ['test/e2e/handed-over-password-links.e2e.ts'],
  },
  {
    id: 'password-links.everybody-lists-who-waits',
    file: 'src/modules/invitations/org-invitations.controller.ts',
    find: `@OrgAdminsOnly(OnlyAdminsSeeWhoWaits, 'waiting_for_link')`,
    replace: `@OrgAdminsOnly(OnlyAdminsSeeWhoWaits, 'another_parameter')`,
    why: 'Everybody who reads pending members could ask whether an address has an account.',
    tests: HANDED_OVER,
  },
  {
    id: 'password-links.accounts-wait-for-a-link',
    file: 'src/modules/invitations/core/pending-member-directory.read-model.ts',
    find: `exists (select from passwords p where p.user_id = u.id)
      or`,
    replace: '',
    why: 'Links would be offered for accounts that have a password.',
    tests: HANDED_OVER,
  },
];
