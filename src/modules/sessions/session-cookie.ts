import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { cookieValue, isFromTrustedOrigin } from '../../common/http/cookies.js';
import { Config } from '../../config/config.js';
import { CrossSiteRequest, SessionOfAnotherUser } from './errors.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']); // RFC 9110, section 9.2.1

/** With https its name starts with `__Host-`, so that no sibling domain can set it (RFC 6265bis, section 4.1.3.2). */
@Injectable()
export class SessionCookie {
  readonly name: string;
  private readonly attributes: string;

  constructor(private readonly config: Config) {
    const isSecure = config.server.publicUrl?.startsWith('https:') ?? false;
    this.name = isSecure ? '__Host-tenantry_session' : 'tenantry_session';
    this.attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** A `Set-Cookie` header value for a new session, valid until the session expires. */
  serialize(token: string, { createdAt, expiresAt }: { createdAt: Date; expiresAt: Date }): string {
    const seconds = Math.max(0, Math.floor((expiresAt.getTime() - createdAt.getTime()) / 1000));
    return `${this.name}=${token}; Max-Age=${seconds}; ${this.attributes}`;
  }

  get serializeCleared(): string {
    return `${this.name}=; Max-Age=0; ${this.attributes}`;
  }

  /** The token in a `Cookie` header; null if there is none. */
  readToken(header: string | undefined): string | null {
    return cookieValue(header, this.name);
  }

  /** For unsafe methods with the cookie (docs/contract/sign-in.md#session-cookie). @throws CrossSiteRequest */
  assertTrustedOrigin({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): void {
    if (!SAFE_METHODS.has(method) && this.readToken(headers.cookie) !== null)
      this.assertMayBeSet({ headers });
  }

  /** A page names the user of its data (docs/contract/http.md#cors-and-cookies). @throws SessionOfAnotherUser */
  assertUserOfPage({ headers }: Pick<FastifyRequest, 'headers'>, userId: string | null): void {
    const named = headers['x-session-user'];
    if (named !== undefined && String(named).toLowerCase() !== userId) throw new SessionOfAnotherUser();
  }

  /** For a login, too, so that no other site can sign a browser in. @throws CrossSiteRequest */
  assertMayBeSet({ headers }: Pick<FastifyRequest, 'headers'>): void {
    if (!isFromTrustedOrigin(this.config.server, headers)) throw new CrossSiteRequest();
  }
}
