export { BrowserSession } from './browser-session.js';
export { isRecordedRefusal, LoginAudit, UNKNOWN_USER_ID } from './login-audit.js';
export { OpenSsoSession, sessionLength, type SsoTokens } from './open-sso-session.js';
export { SessionCookie } from './session-cookie.js';
export { SessionSecrets } from './session-secrets.js';
export { SessionToken, type VerifiedToken } from './session-token.js';
export { SessionNotConfirmed } from './errors.js';
export { endOfSignIn, meetsRequirement, signInOf } from './sign-in.statements.js';
export { SessionsModule } from './sessions.module.js';
export { SessionsService, type StartedSession } from './sessions.service.js';
export {
  type RefreshClaim,
  type RefreshedSession,
  SsoSessionsRepository,
} from './sso-sessions.repository.js';
