import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AdminCommand,
  AdminCommandError,
  AdminCommands,
  type AdminOptions,
} from '../../common/admin-commands.js';
import { PASSWORD_OPTION, readOperatorPassword } from './core/operator-password.js';
import { canonicalEmailOrNull } from '../../common/canonical-email.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../audit/index.js';
import { OrgsRepository } from '../orgs/index.js';
import { type User, UsersRepository } from '../users/index.js';
import { PasswordsService } from './core/passwords.service.js';

/** `npm run admin -- passwords:reset`: for an admin who lost their password and has no other admin to reset it. */
@Injectable()
export class ResetPasswordCommand implements AdminCommand, OnModuleInit {
  readonly name = 'passwords:reset';
  readonly purpose = 'Gives an account a new password and ends its sessions, with basic auth only.';
  readonly usage = '--email ADDRESS [--password-stdin]';
  readonly options = { email: { type: 'string' }, ...PASSWORD_OPTION } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly users: UsersRepository,
    private readonly passwords: PasswordsService,
    private readonly orgs: OrgsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run(options: AdminOptions, print: (line: string) => void): Promise<void> {
    const { email } = options;
    if (typeof email !== 'string')
      throw new AdminCommandError(`The option --email is required: ${this.usage}`);
    const { password, isGenerated } = await readOperatorPassword(options);
    const user = await this.reset(email, password);
    print(`${user.email} (user ${user.id}) has a new password; all sessions of the old one have ended.`);
    if (isGenerated) print(`Password, shown only now: ${password}`);
  }

  /** Proved to the default organization. @throws PasswordLoginDisabled; AdminCommandError if the address is unknown */
  private async reset(email: string, password: string): Promise<User> {
    this.passwords.assertEnabled();
    const digest = await this.passwords.hash(password);
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.run(async () => {
      const user = await this.users.findByEmail(canonicalEmailOrNull(email) ?? '');
      if (!user) throw new AdminCommandError(`There is no account with the e-mail address ${email}.`);
      await this.passwords.choose(
        { userId: user.id, digest },
        { chosenBy: 'installation', issuingOrgId: orgId },
      );
      await this.audit.record(operatorIn(orgId), 'update_basic_auth_user', [user.id], {
        details: { reset: 'password' },
      });
      return user;
    });
  }
}
