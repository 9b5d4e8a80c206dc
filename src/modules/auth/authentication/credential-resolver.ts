import { Injectable } from '@nestjs/common';
import { type ParsedApiKey, parseApiKey } from '../../../common/secrets/api-key-format.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import {
  SessionNotConfirmed,
  SessionSecrets,
  SessionToken,
  type VerifiedToken,
} from '../../sessions/index.js';
import { SessionRenewal } from '../oidc/index.js';
import { CallerCache } from './caller-cache.js';
import type { Credential } from './credential.js';
import { type CookieRow, type CredentialRow, PrincipalsRepository } from './principals.repository.js';
import type { RequestedContext } from './requested-context.js';

/** The cookie holds a signed token after a password login, and an opaque one after single sign-on. */
const isSignedToken = (value: string) => value.includes('.');

/** Finds the caller of a credential of any kind. */
@Injectable()
export class CredentialResolver {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly sessionToken: SessionToken,
    private readonly secrets: SessionSecrets,
    private readonly renewal: SessionRenewal,
    private readonly cache: CallerCache,
    private readonly config: Config,
  ) {}

  /**
   * Null if the credential is unknown, expired or revoked.
   *
   * @throws SessionNotConfirmed
   */
  async resolve({ kind, value }: Credential, requested: RequestedContext): Promise<CredentialRow | null> {
    if (kind === 'api-key') return this.resolveKey(value, requested);
    const isOpaque = kind === 'cookie' && !isSignedToken(value);
    return isOpaque ? this.resolveSsoSession(value, requested) : this.resolveToken(value, requested);
  }

  /**
   * The current state of the same caller, by the database; makes no request to the provider, so it may run in a
   * transaction.
   */
  async reload(
    found: CredentialRow,
    { value }: Credential,
    requested: RequestedContext,
  ): Promise<CredentialRow | null> {
    if (found.kind === 'session') return this.principals.findBySession(found.credentialId, requested);
    const key = parseApiKey(value);
    return key && this.loadKey(value, key, requested);
  }

  /**
   * With one query unless the session must be renewed. Without single sign-on, sessions with the method 'sso' are not valid
   * any more.
   *
   * @throws SessionNotConfirmed
   */
  private async resolveSsoSession(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const digest = this.config.sso && this.secrets.digest(token);
    if (!digest) return null;
    const found = await this.cache.find(`cookie ${digest.toString('base64url')}`, requested, () =>
      this.principals.findByCookie(digest, requested),
    );
    if (!found?.refreshIsDue) return assertConfirmed(found);
    await this.renewal.renew(found.credentialId);
    return assertConfirmed(await this.principals.findByCookie(digest, requested)); // read again, with the current roles
  }

  private async resolveToken(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const claims = this.sessionToken.verify(token);
    if (!claims) return null;
    const { sessionId, notBefore, expiresAt } = claims;
    return this.cache.find(`token ${sessionId} ${notBefore} ${expiresAt}`, requested, () =>
      this.loadSession(claims, requested),
    );
  }

  /** With single sign-on, sessions with the method 'password' are not valid any more. */
  private async loadSession(
    { sessionId, notBefore, expiresAt }: VerifiedToken,
    requested: RequestedContext,
  ): Promise<CredentialRow | null> {
    const found = await this.principals.findBySession(sessionId, requested);
    if (!found || expiresAt <= found.readAt || notBefore > found.readAt) return null;
    if (this.config.sso && found.sessionMethod === 'password') return null;
    return { ...found, endsAt: Math.min(found.endsAt, expiresAt) };
  }

  private async resolveKey(value: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const key = parseApiKey(value);
    return key && this.cache.find(`key ${key.sha256}`, requested, () => this.loadKey(value, key, requested));
  }

  private loadKey(
    value: string,
    { kind }: ParsedApiKey,
    requested: RequestedContext,
  ): Promise<CredentialRow | null> {
    return this.principals.findByKey(kind, secretDigest(this.config.apiKeys.salt, value), requested);
  }
}

function assertConfirmed(found: CookieRow | null): CredentialRow | null {
  if (found && !found.isConfirmed) throw new SessionNotConfirmed();
  return found;
}
