import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccessCache } from '../../../common/access/access-cache.js';
import { parseApiKey, type ParsedApiKey, secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { artifactDigest } from '../../oauth-server/index.js';
import {
  SessionNotConfirmed,
  SessionSecrets,
  SessionToken,
  type VerifiedToken,
} from '../../sessions/index.js';
import { SessionRenewal } from '../oidc/index.js';
import { type CookieRow, type CredentialRow, PrincipalsRepository } from './principals.repository.js';
import type { Credential, RequestedContext } from './request-headers.js';

/**
 * Finds the caller of a credential of any kind, with one query. Recognized callers are cached by credential and
 * requested context (docs/contract/installation.md#caching).
 */
@Injectable()
export class CredentialResolver {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly sessionToken: SessionToken,
    private readonly sessionSecrets: SessionSecrets,
    private readonly renewal: SessionRenewal,
    private readonly cache: AccessCache,
    private readonly config: Config,
  ) {}

  /**
   * Null if the credential is unknown, expired or revoked.
   *
   * @throws SessionNotConfirmed
   */
  async resolve({ kind, value }: Credential, requested: RequestedContext): Promise<CredentialRow | null> {
    if (kind === 'api-key') return this.resolveKey(value, requested);
    if (kind === 'access-token') return this.resolveAccessToken(value, requested);
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
    if (found.kind === 'application') return this.loadAccessToken(value, requested);
    const key = parseApiKey(value);
    return key && this.loadKey(value, key, requested);
  }

  /** Without single sign-on, sessions with the method 'sso' are no longer valid. */
  private async resolveSsoSession(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const digest = this.config.sso ? this.sessionSecrets.digest(token) : null;
    if (!digest) return null;
    const load = () => this.principals.findByCookie(digest, requested);
    const found = await this.cached(`cookie ${digest.toString('base64url')}`, requested, load);
    if (!found?.refreshIsDue) return assertConfirmed(found);
    await this.renewal.renew(found.credentialId);
    return assertConfirmed(await load()); // with the current roles
  }

  private async resolveToken(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const claims = this.sessionToken.verify(token);
    if (!claims) return null;
    const { sessionId, notBefore, expiresAt } = claims;
    return this.cached(`token ${sessionId} ${notBefore} ${expiresAt}`, requested, () =>
      this.loadSession(claims, requested),
    );
  }

  /** With single sign-on, sessions with the method 'password' are no longer valid. */
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
    return key && this.cached(`key ${key.sha256}`, requested, () => this.loadKey(value, key, requested));
  }

  private loadKey(
    value: string,
    { kind }: ParsedApiKey,
    requested: RequestedContext,
  ): Promise<CredentialRow | null> {
    return this.principals.findByKey(kind, secretDigest(this.config.apiKeys.salt, value), requested);
  }

  /** Without the authorization server, what it has issued is no longer valid. */
  private async resolveAccessToken(
    token: string,
    requested: RequestedContext,
  ): Promise<CredentialRow | null> {
    if (!this.config.authorizationServer.isEnabled) return null;
    const load = () => this.loadAccessToken(token, requested);
    return this.cached(`application ${hash('sha256', token, 'hex')}`, requested, load);
  }

  private loadAccessToken(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const digest = artifactDigest(this.config.apiKeys.salt, 'AccessToken', token);
    return this.principals.findByKey('application', digest, requested);
  }

  /**
   * Only what permits the request is kept: an unknown credential or a missing right is asked for again, so that what is
   * granted applies at once.
   *
   * @param credential identifies the credential and the type of its rows; no secret, but a digest or an id
   * @param load returns a new object
   */
  private cached<Row extends CredentialRow>(
    credential: string,
    requested: RequestedContext,
    load: () => Promise<Row | null>,
  ): Promise<Row | null> {
    const { orgId, workspaceId, needsWorkspace, reads } = requested;
    const key = [credential, orgId, workspaceId, needsWorkspace, reads?.name].join(' ');
    return this.cache.get('callers', key, {
      load: async () => Object.freeze(await load()),
      endsAt: endOf,
      subjectIds: (found) => subjectsOf(found, requested),
    });
  }
}

/** The cookie holds a signed token after a password login, and an opaque one after single sign-on. */
const isSignedToken = (value: string) => value.includes('.');

function assertConfirmed(found: CookieRow | null): CredentialRow | null {
  if (found && !found.isConfirmed) throw new SessionNotConfirmed();
  return found;
}

/** Null if neither the row nor what was read with it ends. */
function endOf(row: CredentialRow | null): number | null {
  const end = Math.min(row?.endsAt ?? Infinity, row?.loaded?.endsAt ?? Infinity);
  return end === Infinity ? null : end;
}

/** Null if the row is the reason to refuse the request, or the caller has no organization. */
function subjectsOf(row: CredentialRow | null, requested: RequestedContext): readonly string[] | null {
  if (!row?.orgId || row.memberIsDisabled || row.orgIsDisabled) return null;
  if (requested.orgId && row.orgId !== requested.orgId) return null;
  if ((requested.workspaceId || requested.needsWorkspace) && !row.workspaceId) return null;
  return [row.credentialId, row.orgId, ...(row.userId ? [row.userId] : []), ...(row.loaded?.orgIds ?? [])];
}
