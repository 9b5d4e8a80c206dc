import { Injectable } from '@nestjs/common';
import { AdminCommandError } from '../../../common/admin/admin-command.js';
import { canonicalEmailOrNull } from '../../../common/email/canonical-email.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { OrgsService } from '../../orgs/index.js';
import { type User, UsersService } from '../../users/index.js';
import { PasswordsService } from './passwords.service.js';

/**
 * The operator of the installation vouches for the person, to the default organization; recorded there without a user.
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

  /** Throws PasswordLoginDisabled with single sign-on, AdminCommandError where nobody has the address. */
  async run(email: string, password: string): Promise<User> {
    this.passwords.assertEnabled();
    const digest = await this.passwords.hash(password);
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.run(async () => {
      const user = await this.users.findByEmail(canonicalEmailOrNull(email) ?? '');
      if (!user) throw new AdminCommandError(`There is no account of ${email}.`);
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
