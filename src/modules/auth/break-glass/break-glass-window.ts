import { Injectable } from '@nestjs/common';
import { AdminCommandError } from '../../../common/admin/admin-command.js';
import { Config } from '../../../config/config.js';
import { type User, UsersService } from '../../users/index.js';
import { BreakGlassPasswordsRepository, type OpenWindow } from './break-glass-passwords.repository.js';

/**
 * The way in beside single sign-on: open for the first admin of the installation only, for the hours that its operator
 * has chosen. It asks nothing of the identity provider.
 */
@Injectable()
export class BreakGlassWindow {
  constructor(
    private readonly passwords: BreakGlassPasswordsRepository,
    private readonly users: UsersService,
    private readonly config: Config,
  ) {}

  /** Null when it is shut. One that was opened for another person than is configured now is shut too. */
  async find(): Promise<OpenWindow | null> {
    const { adminEmail } = this.config.bootstrap;
    const user = this.config.sso && adminEmail ? await this.users.findByEmail(adminEmail) : null;
    return user && this.passwords.findOpen(user.id);
  }

  /** For whom it can be opened. Throws AdminCommandError. */
  async getUser(): Promise<User> {
    const { adminEmail } = this.config.bootstrap;
    if (!this.config.sso) throw new AdminCommandError(NOT_NEEDED);
    if (!adminEmail) throw new AdminCommandError(ADMIN_EMAIL_REQUIRED);
    const user = await this.users.findByEmail(adminEmail);
    if (!user)
      throw new AdminCommandError(`Nobody here has the address of INITIAL_ORG_ADMIN_EMAIL, ${adminEmail}.`);
    return user;
  }
}

const NOT_NEEDED =
  'This installation has no single sign-on (OAUTH_ settings), so everybody logs in with a password.';
const ADMIN_EMAIL_REQUIRED = 'Set INITIAL_ORG_ADMIN_EMAIL to the person for whom the glass may be broken.';
