import { Injectable } from '@nestjs/common';
import type { CredentialKind } from '../../../common/access/principal.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import { parseApiKey } from '../../../common/secrets/api-key-format.js';
import { CookieCredentials } from './cookie-credentials.js';
import type { Credential } from './credential.js';
import { type CredentialRow, PrincipalsRepository } from './principals.repository.js';
import { SessionToken } from '../sessions/index.js';
import type { RequestedContext } from './requested-context.js';

/** The cookie holds a signed token after a password login, and an opaque one after single sign-on. */
const isSignedToken = (value: string) => value.includes('.');

type ResolvedCredential = CredentialRow & { kind: CredentialKind };

/** Finds the caller of a credential of any kind. */
@Injectable()
export class CredentialResolver {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly sessionToken: SessionToken,
    private readonly cookies: CookieCredentials,
    private readonly config: Config,
  ) {}

  /**
   * Null if the credential is unknown, expired or revoked.
   *
   * @throws SessionNotConfirmed
   */
  async resolve(
    { kind, value }: Credential,
    requested: RequestedContext,
  ): Promise<ResolvedCredential | null> {
    if (kind === 'api-key') return this.resolveKey(value, requested);
    const isOpaque = kind === 'cookie' && !isSignedToken(value);
    const found = isOpaque
      ? await this.resolveSsoSession(value, requested)
      : await this.resolveToken(value, requested);
    return found && { ...found, kind: 'session' };
  }

  /** The current state of the same caller; makes no request to the provider, so it may run in a transaction. */
  async reload(
    found: ResolvedCredential,
    { value }: Credential,
    requested: RequestedContext,
  ): Promise<ResolvedCredential | null> {
    if (found.kind !== 'session') return this.resolveKey(value, requested);
    const current = await this.principals.findBySession(found.credentialId, requested);
    return current && { ...current, kind: 'session' };
  }

  /** Without single sign-on, sessions with the method 'sso' are not valid any more. */
  private async resolveSsoSession(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    return this.config.sso && this.cookies.find(token, requested);
  }

  /** With single sign-on, sessions with the method 'password' are not valid any more. */
  private async resolveToken(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const claims = this.sessionToken.verify(token);
    const found = claims && (await this.principals.findBySession(claims.sessionId, requested));
    if (!found || claims.expiresAt <= found.readAt || claims.notBefore > found.readAt) return null;
    return this.config.sso && found.sessionMethod === 'password' ? null : found;
  }

  private async resolveKey(key: string, requested: RequestedContext): Promise<ResolvedCredential | null> {
    const kind = parseApiKey(key)?.kind;
    if (!kind) return null;
    const found = await this.principals.findByKey(
      kind,
      secretDigest(this.config.apiKeys.salt, key),
      requested,
    );
    return found && { ...found, kind: kind === 'pat' ? 'personal-access-token' : 'service-key' };
  }
}
