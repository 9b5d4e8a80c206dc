import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { cookieValue } from '../../../common/http/cookies.js';
import { isFromTrustedOrigin } from '../../../common/http/trusted-origin.js';
import { Config } from '../../../config/config.js';
import { CrossSiteRequest } from './session.errors.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']); // RFC 9110, section 9.2.1

/**
 * The cookie that carries a session's token. On https its name begins with `__Host-`: browsers then take it only from
 * this very host, over https, for all paths (RFC 6265bis, section 4.1.3.2), so no neighbour can plant one.
 */
@Injectable()
export class SessionCookie {
  readonly name: string;
  private readonly attributes: string;
  private readonly isEnabled: boolean;

  constructor(private readonly config: Config) {
    const isSecure = config.server.publicUrl?.startsWith('https:') ?? false;
    this.name = isSecure ? '__Host-tenantry_session' : 'tenantry_session';
    this.attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
    this.isEnabled = config.sso !== null;
  }

  /** As a `Set-Cookie` header; kept until the session's end. */
  serialize(token: string, expiresAt: Date): string {
    const seconds = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000));
    return `${this.name}=${token}; Max-Age=${seconds}; ${this.attributes}`;
  }

  /** As a `Set-Cookie` header that takes it away. */
  get serializeCleared(): string {
    return `${this.name}=; Max-Age=0; ${this.attributes}`;
  }

  /** The token in a `Cookie` header. */
  readToken(header: string | undefined): string | null {
    return this.isEnabled ? cookieValue(header, this.name) : null;
  }

  /** A request that brings the cookie and may change something needs an `Origin`, a trusted one; throws CrossSiteRequest. */
  assertTrustedOrigin({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): void {
    if (SAFE_METHODS.has(method) || this.readToken(headers.cookie) === null) return;
    if (!isFromTrustedOrigin(this.config.server, headers)) throw new CrossSiteRequest();
  }
}
