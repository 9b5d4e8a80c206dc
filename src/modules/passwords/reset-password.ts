import { Injectable } from '@nestjs/common';
import { AdminCommandError } from '../../common/admin/admin-command.errors.js';
import { canonicalEmailOrNull } from '../../common/email/canonical-email.js';
import { Transaction } from '../../database/transaction.js';
import { AuditTrail, operatorIn } from '../audit/index.js';
import { OrgsService } from '../orgs/index.js';
import { type User, UsersService } from '../users/index.js';
import { PasswordsService } from './core/passwords.service.js';

/**
 * Resets a password on behalf of the operator; it counts as proved to the default organization and is audited there
 * without a user.
 */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly orgs: OrgsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws PasswordLoginDisabled with single sign-on; AdminCommandError if the address is unknown */
  async run(email: string, password: string): Promise<User> {
    this.passwords.assertEnabled();
    const digest = await this.passwords.hash(password);
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.run(async () => {
      const user = await this.users.findByEmail(canonicalEmailOrNull(email) ?? '');
      if (!user) throw new AdminCommandError(`There is no account with the e-mail address ${email}.`);
      await this.passwords.choose(
        { userId: user.id, digest },
        { chosenBy: 'installation', vouchingOrgId: orgId },
      );
      await this.audit.record(operatorIn(orgId), 'update_basic_auth_user', [user.id], {
        details: { reset: 'password' },
      });
      return user;
    });
  }
}
