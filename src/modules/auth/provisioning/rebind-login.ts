import { Injectable } from '@nestjs/common';
import { AdminCommandError } from '../../../common/admin/admin-command.js';
import { canonicalEmailOrNull } from '../../../common/email/canonical-email.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { OrgsService } from '../../orgs/index.js';
import { LoginMethodsService, type User, UsersService } from '../../users/index.js';
import { SessionsService } from '../sessions/sessions.service.js';

/**
 * The operator knows that two logins are one person's, which no e-mail can prove
 * (contract decision 26); a provider was replaced, or gives new subjects.
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

  /** Whoever is signed in by the old login is out. Throws LoginAlreadyInUse, AdminCommandError. */
  async run(email: string, login: { issuer: string; subject: string }): Promise<User> {
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.runInOrg(orgId, async () => {
      const user = await this.users.findByEmail(canonicalEmailOrNull(email) ?? '');
      if (!user) throw new AdminCommandError(`There is no account of ${email}.`);
      await this.logins.rebind(user.id, login);
      await this.sessions.endAllOf([user.id]);
      await this.audit.record(operatorIn(orgId), 'update_login_methods', [user.id], {
        details: { login: 'rebound' },
      });
      return user;
    });
  }
}
