import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../common/errors/validation-failed.js';
import { EventBus } from '../../common/events/event-bus.js';
import { PasswordHasher } from '../../common/secrets/password-hasher.js';
import { passwordProblems } from '../../common/secrets/password-rule.js';
import type { InviteRow } from './invite-rights.js';
import { InvitedWithPassword } from './invitations.events.js';

type Account = { email: string; fullName: string | null; passwordDigest: string };

/** A password in an invitation makes the account, unless there is one; the invitation stays pending (decision 42). */
@Injectable()
export class AccountsForInvited {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly events: EventBus,
  ) {}

  /** Before the transaction: hashing is slow on purpose. */
  async hash(rows: readonly InviteRow[]): Promise<Account[]> {
    const chosen = rows.flatMap((row) => (row.password === null ? [] : [{ ...row, password: row.password }]));
    for (const { password } of chosen) assertFit(password);
    return Promise.all(
      chosen.map(async ({ email, fullName, password }) => ({
        email,
        fullName,
        passwordDigest: await this.hasher.hash(password),
      })),
    );
  }

  async open(accounts: readonly Account[]): Promise<void> {
    if (accounts.length > 0) await this.events.publish(new InvitedWithPassword(accounts));
  }
}

function assertFit(password: string): void {
  const problems = passwordProblems(password);
  if (problems.length === 0) return;
  throw new ValidationFailed(
    problems.map((msg) => ({ loc: ['body', 'password'], msg, type: 'value_error' })),
  );
}
