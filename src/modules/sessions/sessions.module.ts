import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { UsersModule } from '../users/index.js';
import { BrowserSession } from './core/browser-session.js';
import { EndSessionsWhenMemberRemoved } from './core/end-sessions-when-member-removed.js';
import { LoginAudit } from './core/login-audit.js';
import { OwnSessionsController } from './own/own-sessions.controller.js';
import { OwnSessionsRepository } from './own/own-sessions.repository.js';
import { OwnSessionsService } from './own/own-sessions.service.js';
import { SessionActivityJob } from './core/session-activity.job.js';
import { SessionCookie } from './core/session-cookie.js';
import { SessionSecrets } from './core/session-secrets.js';
import { SessionToken } from './core/session-token.js';
import { SessionsRepository } from './core/sessions.repository.js';
import { SessionsService } from './core/sessions.service.js';
import { SsoSessions } from './core/sso-sessions.js';
import { SsoSessionsRepository } from './core/sso-sessions.repository.js';

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
