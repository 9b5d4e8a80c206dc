import { Injectable } from '@nestjs/common';
import { CallerCache } from './caller-cache.js';
import { type CredentialRow, type CookieRow, PrincipalsRepository } from './principals.repository.js';
import { SessionRenewal } from '../oidc/index.js';
import { SessionSecrets, SessionNotConfirmed } from '../../sessions/index.js';
import type { RequestedContext } from './requested-context.js';

/** Authenticates callers by the SSO session cookie, with one query unless the session must be renewed. */
@Injectable()
export class CookieCredentials {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly cache: CallerCache,
    private readonly secrets: SessionSecrets,
    private readonly renewal: SessionRenewal,
  ) {}

  /**
   * Null if the session is unknown or has ended.
   *
   * @throws SessionNotConfirmed
   */
  async find(token: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const digest = this.secrets.digest(token);
    if (!digest) return null;
    const found = await this.cache.find(`cookie ${digest.toString('base64url')}`, requested, () =>
      this.principals.findByCookie(digest, requested),
    );
    if (!found?.refreshIsDue) return assertConfirmed(found);
    await this.renewal.renew(found.credentialId);
    return assertConfirmed(await this.principals.findByCookie(digest, requested)); // read again, with the current roles
  }
}

function assertConfirmed(found: CookieRow | null): CredentialRow | null {
  if (found && !found.isConfirmed) throw new SessionNotConfirmed();
  return found;
}
