import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AdminCommand, AdminOptions } from '../../common/admin/admin-command.js';
import { AdminCommandError } from '../../common/admin/admin-command.errors.js';
import { AdminCommands } from '../../common/admin/admin-commands.js';
import { readOperatorPassword, PASSWORD_OPTION } from '../../common/admin/operator-password.js';
import { ResetPassword } from './reset-password.js';

/** `npm run admin -- passwords:reset`: for an admin who lost their password and has no other admin to reset it. */
@Injectable()
export class ResetPasswordCommand implements AdminCommand, OnModuleInit {
  readonly name = 'passwords:reset';
  readonly purpose = 'Gives an account a new password and ends its sessions, with basic auth only.';
  readonly usage = '--email ADDRESS [--password-stdin]';
  readonly options = { email: { type: 'string' }, ...PASSWORD_OPTION } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly reset: ResetPassword,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run(options: AdminOptions, print: (line: string) => void): Promise<void> {
    const { email } = options;
    if (typeof email !== 'string')
      throw new AdminCommandError(`The option --email is required: ${this.usage}`);
    const { password, isGenerated } = await readOperatorPassword(options);
    const user = await this.reset.run(email, password);
    print(`${user.email} (user ${user.id}) has a new password; all sessions of the old one have ended.`);
    if (isGenerated) print(`Password, shown only now: ${password}`);
  }
}
