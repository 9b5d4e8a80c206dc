import { Injectable } from '@nestjs/common';
import { AdminCommandError } from '../../../../common/admin/admin-command.errors.js';
import { canonicalEmailOrNull } from '../../../../common/email/canonical-email.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../../../audit/index.js';
import { OrgsService } from '../../../orgs/index.js';
import { LoginMethodsService, type User, UsersService } from '../../../users/index.js';
import { SessionsService } from '../../../sessions/index.js';

/**
 * Binds an account to another login as the operator instructs, because no e-mail proves that two logins belong to one
 * user (docs/contract/sign-in.md#linking-logins). Needed if a provider was replaced or sends new subjects.
 */
@Injectable()
export class RebindLogin {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly sessions: SessionsService,
    private readonly orgs: OrgsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Revokes all sessions of the user.
   *
   * @throws LoginAlreadyInUse or AdminCommandError
   */
  async run(email: string, login: { issuer: string; subject: string }): Promise<User> {
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.inOrganization(orgId, async () => {
      const user = await this.users.findByEmail(canonicalEmailOrNull(email) ?? '');
      if (!user) throw new AdminCommandError(`There is no account with the e-mail address ${email}.`);
      await this.logins.rebind(user.id, login);
      await this.sessions.endAllOf([user.id]);
      await this.audit.record(operatorIn(orgId), 'update_login_methods', [user.id], {
        details: { login: 'rebound' },
      });
      return user;
    });
  }
}
