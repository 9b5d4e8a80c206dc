import { Injectable } from '@nestjs/common';
import type { RequestFacts } from '../../common/http/request-facts.js';
import { Config } from '../../config/config.js';
import { BreakGlassLogin } from './break-glass/break-glass-login.js';
import { BasicLoginService } from './basic/basic-login.service.js';
import type { LoginCredentials } from './basic/login-credentials.js';

/** The door for passwords: open to everybody with basic auth, beside single sign-on only while the glass is broken. */
@Injectable()
export class PasswordLogin {
  constructor(
    private readonly basic: BasicLoginService,
    private readonly breakGlass: BreakGlassLogin,
    private readonly config: Config,
  ) {}

  logIn(credentials: LoginCredentials | null, request: RequestFacts): Promise<string> {
    const door = this.config.sso ? this.breakGlass : this.basic;
    return door.logIn(credentials, request);
  }
}
