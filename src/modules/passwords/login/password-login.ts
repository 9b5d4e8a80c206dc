import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Metrics } from '../../../common/metrics/metrics.js';
import { Config } from '../../../config/config.js';
import type { StartedSession } from '../../sessions/index.js';
import { BreakGlassLogin } from '../break-glass/break-glass-login.js';
import { BasicLoginService } from './basic-login.service.js';
import type { LoginCredentials } from '../core/login-credentials.js';

/** Password login: basic auth, or break-glass access while it is open. */
@Injectable()
export class PasswordLogin {
  constructor(
    private readonly basic: BasicLoginService,
    private readonly breakGlass: BreakGlassLogin,
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  logIn(credentials: LoginCredentials | null, request: RequestMetadata): Promise<StartedSession> {
    const [method, login] = this.config.sso
      ? (['break-glass', this.breakGlass] as const)
      : (['password', this.basic] as const);
    return this.metrics.countLogin(method, () => login.logIn(credentials, request));
  }
}
