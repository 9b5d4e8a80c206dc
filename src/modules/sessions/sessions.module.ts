import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { UsersModule } from '../users/index.js';
import { BrowserSession } from './browser-session.js';
import { EndSessionsWhenMemberRemoved } from './end-sessions-when-member-removed.js';
import { LoginAudit } from './login-audit.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnSessionsRepository } from './own-sessions.repository.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { SessionActivityJob } from './session-activity.job.js';
import { SessionCookie } from './session-cookie.js';
import { SessionSecrets } from './session-secrets.js';
import { SessionToken } from './session-token.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SsoSessions } from './sso-sessions.js';
import { SsoSessionsRepository } from './sso-sessions.repository.js';

/** Sessions of signed-in users, and the audit entries of logins. */
@Module({
  imports: [AuditModule, UsersModule, MembersModule, OrgsModule],
  controllers: [OwnSessionsController],
  providers: [
    SessionToken,
    SessionsRepository,
    SessionsService,
    EndSessionsWhenMemberRemoved,
    SessionCookie,
    SessionSecrets,
    SsoSessionsRepository,
    BrowserSession,
    SsoSessions,
    LoginAudit,
    SessionActivityJob,
    OwnSessionsRepository,
    OwnSessionsService,
  ],
  exports: [
    SessionActivityJob,
    SessionToken,
    SessionsService,
    SessionCookie,
    SessionSecrets,
    SsoSessionsRepository,
    BrowserSession,
    SsoSessions,
    LoginAudit,
  ],
})
export class SessionsModule {}
