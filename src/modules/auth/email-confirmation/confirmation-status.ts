import { Injectable } from '@nestjs/common';
import { searchedEmail } from '../../../common/email/canonical-email.js';
import { networkOf } from '../../../common/http/ip-address.js';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limiter.js';
import { LoginMethodsService, UsersService } from '../../users/index.js';
import { ProvidersOfPerson } from './providers-of-person.js';

/** Whether an address was proved; for a login page that waits for it, so nobody has to be signed in. */
@Injectable()
export class ConfirmationStatus {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly providers: ProvidersOfPerson,
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  /** Null also for people who are unknown here: it tells nobody who is. */
  async find(
    { email, providerId }: { email: string; providerId: string },
    clientHost: string | null,
  ): Promise<Date | null> {
    const { loginsPerAddressPerMinute } = this.config.rateLimits;
    await this.limiter.hit('confirmation status from', networkOf(clientHost), loginsPerAddressPerMinute);
    const user = await this.users.findByEmail(searchedEmail(email));
    if (!user || !(await this.providers.findOrgOf(user.id, providerId))) return null;
    const logins = await this.logins.listOf(user.id);
    return logins.find(({ emailConfirmedAt }) => emailConfirmedAt !== null)?.emailConfirmedAt ?? null;
  }
}
