import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../common/errors/validation-failed.js';
import { EventBus } from '../../common/events/event-bus.js';
import { PasswordHasher } from '../../common/secrets/password-hasher.js';
import { passwordProblems } from '../../common/secrets/password-rule.js';
import { PasswordsAreOff } from '../../common/secrets/passwords-are-off.js';
import { Config } from '../../config/config.js';
import { InvitedWithPassword } from './invitations.events.js';
import type { InviteBatch } from './invite-batch.js';
import { mayChoosePasswords } from './invite-rights.js';

type Account = { email: string; fullName: string | null; passwordDigest: string };

/** A password in an invitation makes the account, unless there is one; the invitation stays pending (decision 42). */
@Injectable()
export class AccountsForInvited {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly events: EventBus,
    private readonly config: Config,
  ) {}

  /** Before the transaction: hashing is slow on purpose. Nothing is hashed for a caller whose passwords are refused. */
  async hash(batch: InviteBatch): Promise<Account[]> {
    if (!mayChoosePasswords(batch)) return [];
    assertFit(batch);
    const chosen = batch.rows.flatMap(({ password, ...row }) =>
      password === null ? [] : [{ ...row, password }],
    );
    if (chosen.length > 0 && this.config.sso) throw new PasswordsAreOff();
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

function assertFit({ rows, locate }: InviteBatch): void {
  const problems = rows.flatMap(({ password }, index) =>
    (password === null ? [] : passwordProblems(password)).map((msg) => ({
      loc: [...locate(index), 'password'],
      msg,
      type: 'value_error',
    })),
  );
  if (problems.length > 0) throw new ValidationFailed(problems);
}
