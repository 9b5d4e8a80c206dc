import { Injectable } from '@nestjs/common';
import type { Principal, SessionMethod, UserPrincipal } from '../../common/access/principal.js';
import type { RequestMetadata } from '../../common/http/request-metadata.decorator.js';
import { Config } from '../../config/config.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type Authentication, NO_AUTHENTICATION } from '../orgs/index.js';
import { SessionNotFound } from './errors.js';
import { LoginAudit } from './login-audit.js';
import { SessionToken } from './session-token.js';
import {
  type ListedSession,
  type SessionCount,
  SessionsRepository,
  type SessionTimes,
} from './sessions.repository.js';

type SessionOrigin = Pick<RequestMetadata, 'userAgent' | 'clientHost'>;
export type StartedSession = SessionTimes & { readonly token: string };

const MAX_LISTED = 100;

/** In the transaction of the caller. `…Own`: of the signed-in user (docs/contract/sign-in.md#own-sessions). */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly token: SessionToken,
    private readonly transaction: Transaction,
    private readonly audit: LoginAudit,
    private readonly config: Config,
  ) {}

  /** A password session or, with the end of a break-glass window, one that ends then at the latest. */
  async start(
    userId: string,
    origin: SessionOrigin | null,
    windowEnd: Date | null = null,
  ): Promise<StartedSession> {
    const { userAgent, clientHost } = origin ?? { userAgent: null, clientHost: null };
    const method: SessionMethod = windowEnd ? 'break-glass' : 'password';
    const session = { id: newId(), userId, method, userAgent, clientHost };
    const { sessionSeconds: seconds } = this.config.basicAuth;
    const times = await this.sessions.insert(session, { seconds, notAfter: windowEnd });
    return { ...times, token: this.token.sign({ ...session, ...times }) };
  }

  endBreakGlassOf(userId: string): Promise<void> {
    return this.sessions.removeBreakGlassOf(userId);
  }

  /** Takes effect on every replica with the next request. `exceptId`: a session to keep. Returns how many there were. */
  async endAllOf(userIds: readonly string[], exceptId: string | null = null): Promise<number> {
    return userIds.length > 0 ? this.sessions.removeAllOf(userIds, exceptId) : 0;
  }

  /** How the user has signed in at the provider; a key or token has not. */
  async authenticationOf({ credential }: Pick<Principal, 'credential'>): Promise<Authentication> {
    const isSession = credential.kind === 'session';
    return (isSession && (await this.sessions.findAuthentication(credential.id))) || NO_AUTHENTICATION;
  }

  /** How many valid sessions the user has, and when one was last used or, if none was, opened. */
  countOf(userId: string): Promise<SessionCount> {
    return this.sessions.count(userId, this.invalidMethod);
  }

  /** The current session first, then the most recently used ones; at most 100. */
  listOwn({ userId, credential }: UserPrincipal): Promise<ListedSession[]> {
    const { invalidMethod: exceptMethod } = this;
    return this.sessions.listOwn(userId, { currentId: credential.id, exceptMethod, limit: MAX_LISTED });
  }

  /** @throws SessionNotFound */
  endOwn({ userId, request }: UserPrincipal, sessionId: string): Promise<void> {
    return this.transaction.run(async () => {
      if (!(await this.sessions.removeOwn(userId, sessionId))) throw new SessionNotFound();
      await this.audit.recordLogout(userId, request, 'person', 1);
    });
  }

  endAllOwn({ userId, request }: UserPrincipal): Promise<void> {
    return this.transaction.run(async () => {
      const count = await this.sessions.removeAllOf([userId], null);
      await this.audit.recordLogout(userId, request, 'person', count);
    });
  }

  /** Of sessions that are refused while the other way to sign in is in use (docs/decisions/0012). */
  private get invalidMethod(): SessionMethod {
    return this.config.sso ? 'password' : 'sso';
  }
}
