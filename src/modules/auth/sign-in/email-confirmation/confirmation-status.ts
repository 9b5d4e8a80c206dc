import { Injectable } from '@nestjs/common';
import { canonicalSearchEmail } from '../../../../common/email/canonical-email.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import { LoginMethodsService, UsersService } from '../../../users/index.js';
import { UserProviders } from './user-providers.js';

/** Whether an address is verified. Public, because a login page polls it before the user is signed in. */
@Injectable()
export class ConfirmationStatus {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly providers: UserProviders,
    private readonly limiter: RateLimiter,
  ) {}

  /** Null also for unknown users, so that the response does not reveal who has an account. */
  async find(
    { email, providerId }: { email: string; providerId: string },
    clientHost: string | null,
  ): Promise<Date | null> {
    await this.limiter.hitFrom('confirmation status', clientHost);
    const user = await this.users.findByEmail(canonicalSearchEmail(email));
    if (!user || !(await this.providers.findOrg(user.id, providerId))) return null;
    const logins = await this.logins.listByUser(user.id);
    return logins.find(({ emailConfirmedAt }) => emailConfirmedAt !== null)?.emailConfirmedAt ?? null;
  }
}
