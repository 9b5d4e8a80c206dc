import { Injectable } from '@nestjs/common';
import type { CredentialKind } from '../../common/access/principal.js';
import { secretDigest } from '../../common/secrets/secret-digest.js';
import { Config } from '../../config/config.js';
import { parseApiKey } from './api-keys/key-format.js';
import { CookieCallers } from './cookie-callers.js';
import type { Credential } from './credential.js';
import { type FoundCaller, PrincipalsRepository } from './principals.repository.js';
import { SessionToken } from './sessions/session-token.js';
import type { WantedContext } from './wanted-context.js';

type Recognised = FoundCaller & { kind: CredentialKind };

/** Whose credential it is, whatever its kind. */
@Injectable()
export class KnownCallers {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly sessionToken: SessionToken,
    private readonly cookies: CookieCallers,
    private readonly config: Config,
  ) {}

  /** Null when nobody has this credential, or not any more; throws SessionNotConfirmed. */
  async recognise({ kind, value }: Credential, wanted: WantedContext): Promise<Recognised | null> {
    if (kind === 'api-key') return this.byKey(value, wanted);
    const found =
      kind === 'cookie' ? await this.cookies.find(value, wanted) : await this.byToken(value, wanted);
    return found && { ...found, kind: 'session' };
  }

  /** The same caller as he is by now; asks nobody outside, so that it may stand in a transaction. */
  async again(found: Recognised, { value }: Credential, wanted: WantedContext): Promise<Recognised | null> {
    if (found.kind !== 'session') return this.byKey(value, wanted);
    const now = await this.principals.findBySession(found.credentialId, wanted);
    return now && { ...now, kind: 'session' };
  }

  /** A session that a password began is worth nothing any more where people sign in at a provider. */
  private async byToken(token: string, wanted: WantedContext): Promise<FoundCaller | null> {
    const claims = this.sessionToken.verify(token);
    const found = claims && (await this.principals.findBySession(claims.sessionId, wanted));
    return this.config.sso && found?.sessionMethod === 'password' ? null : found;
  }

  private async byKey(key: string, wanted: WantedContext): Promise<Recognised | null> {
    const kind = parseApiKey(key)?.kind;
    if (!kind) return null;
    const found = await this.principals.findByKey(kind, secretDigest(this.config.apiKeys.salt, key), wanted);
    return found && { ...found, kind: kind === 'pat' ? 'personal-access-token' : 'service-key' };
  }
}
