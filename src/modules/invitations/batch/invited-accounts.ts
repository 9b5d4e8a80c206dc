import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { getOrThrow, zip } from '../../../common/collections.js';
import { chosenByAdminOf, PasswordsService } from '../../passwords/index.js';
import { mayChoosePasswords } from '../../roles/index.js';
import { UsersRepository } from '../../users/index.js';
import { ExistingAccounts } from './existing-accounts.js';
import type { InviteBatch } from './write-invites.js';

type Account = { email: string; fullName: string | null; passwordDigest: string };

/** A password in an invitation creates the account at once (docs/contract/invitations.md#passwords-in-invitations). */
@Injectable()
export class InvitedAccounts {
  constructor(
    private readonly users: UsersRepository,
    private readonly existing: ExistingAccounts,
    private readonly passwords: PasswordsService,
  ) {}

  /** Before the transaction, since hashing is slow. @throws PasswordLoginDisabled, PasswordHashingBusy */
  async hashPasswords(
    principal: OrgPrincipal,
    { rows, malformed, fromWorkspaceId }: InviteBatch,
  ): Promise<Account[]> {
    if (malformed.length > 0 || fromWorkspaceId !== null || !mayChoosePasswords(principal)) return [];
    const chosen = rows.flatMap(({ password, ...row }) => (password === null ? [] : [{ ...row, password }]));
    if (chosen.length === 0) return [];
    this.passwords.assertEnabled();
    const digests = await this.passwords.hashAll(chosen.map(({ password }) => password));
    return zip(chosen, digests).map(([{ email, fullName }, passwordDigest]) => ({
      email,
      fullName,
      passwordDigest,
    }));
  }

  async create(orgId: string, accounts: readonly Account[]): Promise<void> {
    if (accounts.length === 0) return;
    const { users, newIds } = await this.users.ensure(accounts);
    const before = [...users.values()].filter(({ id }) => !newIds.has(id));
    const statuses = await this.existing.statusesOf(
      orgId,
      before.map(({ id }) => id),
    );
    const digests = accounts.map(({ email, passwordDigest }) => ({
      userId: getOrThrow(users, email).id,
      digest: passwordDigest,
    }));
    await this.passwords.chooseFirst(
      digests.filter(({ userId }) => newIds.has(userId) || statuses.get(userId) === 'unused'),
      chosenByAdminOf(orgId),
    );
  }
}
