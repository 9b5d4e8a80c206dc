import { Injectable } from '@nestjs/common';
import { type FoundCaller, type FoundCookie, PrincipalsRepository } from './principals.repository.js';
import { SessionRenewal } from './session-renewal.js';
import { SessionSecrets } from './sessions/session-secrets.js';
import { SessionNotConfirmed } from './sessions/session.errors.js';
import type { WantedContext } from './wanted-context.js';

/** Callers by the cookie of single sign-on: one query, but for the moment when the provider has to be asked again. */
@Injectable()
export class CookieCallers {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly secrets: SessionSecrets,
    private readonly renewal: SessionRenewal,
  ) {}

  /** Null when the session is unknown or over; throws SessionNotConfirmed. */
  async find(token: string, wanted: WantedContext): Promise<FoundCaller | null> {
    const digest = this.secrets.digest(token);
    if (!digest) return null;
    const found = await this.principals.findByCookie(digest, wanted);
    if (!found?.refreshIsDue) return confirmed(found);
    await this.renewal.renew(found.credentialId);
    return confirmed(await this.principals.findByCookie(digest, wanted)); // and its roles as they are by now
  }
}

function confirmed(found: FoundCookie | null): FoundCaller | null {
  if (found && !found.isConfirmed) throw new SessionNotConfirmed();
  return found;
}
