import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { UsersModule } from '../users/index.js';
import { BrowserSession } from './browser-session.js';
import { EndSessionsWithoutMembership } from './end-sessions-without-membership.js';
import { LoginAudit } from './login-audit.js';
import { MemberSessionsController } from './member-sessions.controller.js';
import { MemberSessionsService } from './member-sessions.service.js';
import { OpenSsoSession } from './open-sso-session.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SessionCookie } from './session-cookie.js';
import { SessionSecrets } from './session-secrets.js';
import { SessionToken } from './session-token.js';
import { SsoSessionsRepository } from './sso-sessions.repository.js';

/** Sessions of signed-in users, which they and Organization Admins see and end, and the audit entries of logins. */
@Module({
  imports: [AuditModule, UsersModule, MembersModule, OrgsModule],
  controllers: [OwnSessionsController, MemberSessionsController],
  providers: [
    SessionToken,
    SessionsRepository,
    SessionsService,
    MemberSessionsService,
    EndSessionsWithoutMembership,
    SessionCookie,
    SessionSecrets,
    SsoSessionsRepository,
    BrowserSession,
    OpenSsoSession,
    LoginAudit,
  ],
  exports: [
    SessionToken,
    SessionsService,
    SessionCookie,
    SessionSecrets,
    SsoSessionsRepository,
    BrowserSession,
    OpenSsoSession,
    LoginAudit,
  ],
})
export class SessionsModule {}
