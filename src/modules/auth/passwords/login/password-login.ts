import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { Config } from '../../../../config/config.js';
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
  ) {}

  logIn(credentials: LoginCredentials | null, request: RequestMetadata): Promise<StartedSession> {
    const login = this.config.sso ? this.breakGlass : this.basic;
    return login.logIn(credentials, request);
  }
}
