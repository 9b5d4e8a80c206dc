import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { zip } from '../../../common/collections.js';
import { EventBus } from '../../../common/event-bus.js';
import { PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { PasswordLoginDisabled } from '../../../common/secrets/errors.js';
import { Config } from '../../../config/config.js';
import { mayChoosePasswords } from '../../roles/index.js';
import type { InviteBatch } from './invite-batch.js';

type Account = { email: string; fullName: string | null; passwordDigest: string };

/**
 * A password in an invitation creates the account unless one exists; the invitation stays pending
 * (docs/contract/invitations.md#passwords-in-invitations).
 */
@Injectable()
export class InvitedAccounts {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly events: EventBus,
    private readonly config: Config,
  ) {}

  /** Runs before the transaction because hashing is slow. Hashes nothing if the caller may not choose passwords. */
  async hashPasswords(principal: OrgPrincipal, batch: InviteBatch): Promise<Account[]> {
    if (batch.fromWorkspaceId !== null || !mayChoosePasswords(principal)) return [];
    const chosen = batch.rows.flatMap(({ password, ...row }) =>
      password === null ? [] : [{ ...row, password }],
    );
    if (chosen.length > 0 && this.config.sso) throw new PasswordLoginDisabled();
    const digests = await this.hasher.hashAll(chosen.map(({ password }) => password));
    return zip(chosen, digests).map(([{ email, fullName }, passwordDigest]) => ({
      email,
      fullName,
      passwordDigest,
    }));
  }

  async create(orgId: string, accounts: readonly Account[]): Promise<void> {
    if (accounts.length > 0) await this.events.publish(new InvitedWithPassword(orgId, accounts));
  }
}

/**
 * Users were invited with a password that an organization admin chose. Published inside the transaction; contains
 * password hashes only.
 */
export class InvitedWithPassword {
  constructor(
    readonly orgId: string,
    readonly accounts: readonly { email: string; fullName: string | null; passwordDigest: string }[],
  ) {}
}
