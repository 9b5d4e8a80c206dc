import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SessionCookie } from './session-cookie.js';
import { SessionSecrets } from './session-secrets.js';
import { SessionToken } from './session-token.js';
import {
  type EndedSession,
  type SessionKey,
  SessionsRepository,
  type SessionTimes,
} from './sessions.repository.js';

type BrowserRequest = Pick<FastifyRequest, 'method' | 'headers'>;

/** The session in the cookie of a browser, whatever login opened it. To end it is one statement. */
@Injectable()
export class BrowserSession {
  constructor(
    private readonly cookie: SessionCookie,
    private readonly secrets: SessionSecrets,
    private readonly token: SessionToken,
    private readonly sessions: SessionsRepository,
  ) {}

  /** For a login that opens a session. @throws CrossSiteRequest */
  assertMayBeOpened(request: BrowserRequest): void {
    this.cookie.assertMayBeSet(request);
  }

  /** The id of the session; null if the browser has none, or it has ended. */
  async findId(cookies: string | undefined): Promise<string | null> {
    const key = this.keyIn(cookies);
    return key && this.sessions.findId(key);
  }

  /** Ends the previous session, if there is one. Returns a `Set-Cookie` header value for the new one. */
  async replace(request: BrowserRequest, session: SessionTimes & { token: string }): Promise<string> {
    await this.end(request);
    return this.cookie.serialize(session.token, session);
  }

  /**
   * Ends the session, if there is one, and clears its cookie. A form of another site comes without the cookie
   * (`SameSite`), but its response would clear it, so a foreign origin is refused in any case.
   *
   * @throws CrossSiteRequest, SessionOfAnotherUser
   */
  async close(request: BrowserRequest): Promise<{ ended: EndedSession | null; setCookie: string }> {
    this.cookie.assertTrustedOrigin(request);
    if (request.headers.origin !== undefined) this.cookie.assertMayBeSet(request);
    const ended = await this.end(request);
    if (ended) this.cookie.assertUserOfPage(request, ended.userId);
    return { ended, setCookie: this.cookie.serializeCleared };
  }

  async end({ headers }: Pick<BrowserRequest, 'headers'>): Promise<EndedSession | null> {
    const key = this.keyIn(headers.cookie);
    return key && this.sessions.remove(key);
  }

  /** By an opaque token, as single sign-on gives it, or else by a signed one; null without a token of ours. */
  private keyIn(cookies: string | undefined): SessionKey | null {
    const token = this.cookie.readToken(cookies);
    if (token === null) return null;
    const tokenDigest = this.secrets.digest(token);
    if (tokenDigest) return { tokenDigest, id: null };
    const verified = this.token.verify(token);
    return verified && { tokenDigest: null, id: verified.sessionId };
  }
}
