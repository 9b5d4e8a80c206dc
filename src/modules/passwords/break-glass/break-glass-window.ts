import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AdminCommandError } from '../../../common/admin-commands.js';
import { type LoginLane, PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { Config } from '../../../config/config.js';
import { type User, UsersRepository } from '../../users/index.js';
import { BreakGlassPasswordsRepository, type OpenWindow } from './break-glass-passwords.repository.js';

/** Password login beside single sign-on and without the provider, for the first admin and some hours. */
@Injectable()
export class BreakGlassWindow implements OnApplicationBootstrap {
  private readonly log = new Logger('Break-glass');

  constructor(
    private readonly passwords: BreakGlassPasswordsRepository,
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasher,
    private readonly config: Config,
  ) {}

  /** Logs a warning while a window is open, so that it is not forgotten. */
  async onApplicationBootstrap(): Promise<void> {
    const open = await this.find();
    if (open)
      this.log.warn(
        `OPEN: user ${open.userId} can log in with a password until ${open.expiresAt.toISOString()}. ` +
          'npm run admin -- break-glass --end closes it.',
      );
  }

  /** Null if no window is open. A window for another user than the configured one counts as closed. */
  async find(): Promise<OpenWindow | null> {
    const { adminEmail } = this.config.bootstrap;
    const user = this.config.sso && adminEmail ? await this.users.findByEmail(adminEmail) : null;
    return user && this.passwords.findOpen(user.id);
  }

  /** Other users cost the same work as a wrong password. */
  verify(
    { userId, digest }: OpenWindow,
    { email, password }: { email: string | null; password: string },
    lane: LoginLane,
  ): Promise<boolean> {
    const find = async () => {
      const user = email === null ? null : await this.users.findByEmail(email);
      return user?.id === userId ? digest : null;
    };
    return this.hasher.verify(find, password, lane);
  }

  /** The user for whom a window can be opened. @throws AdminCommandError */
  async getUser(): Promise<User> {
    const { adminEmail } = this.config.bootstrap;
    if (!this.config.sso) throw new AdminCommandError(NOT_NEEDED);
    if (!adminEmail) throw new AdminCommandError(ADMIN_EMAIL_REQUIRED);
    const user = await this.users.findByEmail(adminEmail);
    if (!user)
      throw new AdminCommandError(`No account has the address of INITIAL_ORG_ADMIN_EMAIL, ${adminEmail}.`);
    return user;
  }
}

const NOT_NEEDED =
  'This installation has no single sign-on (OAUTH_ settings), so all users log in with a password.';
const ADMIN_EMAIL_REQUIRED = 'Set INITIAL_ORG_ADMIN_EMAIL to the user who may get break-glass access.';
