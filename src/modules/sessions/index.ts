export { BrowserSession } from './core/browser-session.js';
export { isRecordedRefusal, LoginAudit, UNKNOWN_USER_ID } from './core/login-audit.js';
export { SessionActivityJob } from './core/session-activity.job.js';
export { SessionCookie } from './core/session-cookie.js';
export { sessionLength } from './core/session-length.js';
export { SessionSecrets } from './core/session-secrets.js';
export { SessionToken, type VerifiedToken } from './core/session-token.js';
export { SessionNotConfirmed } from './core/session.errors.js';
export { SessionsModule } from './sessions.module.js';
export { SessionsService, type StartedSession } from './core/sessions.service.js';
export {
  type RefreshClaim,
  type RefreshedSession,
  SsoSessionsRepository,
} from './core/sso-sessions.repository.js';
export { SsoSessions } from './core/sso-sessions.js';
