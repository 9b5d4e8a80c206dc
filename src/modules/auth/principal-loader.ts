import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidCredential } from '../../common/access/access.errors.js';
import type { CredentialKind, Principal } from '../../common/access/principal.js';
import { ValidationFailed } from '../../common/errors/validation-failed.js';
import { requestFacts } from '../../common/http/request-facts.js';
import { parseApiKey, secretDigest } from '../../common/secrets/secret-token.js';
import { Config } from '../../config/config.js';
import { LastUsed } from './api-keys/last-used.js';
import { Caller } from './caller.js';
import { CookieCallers } from './cookie-callers.js';
import { type Credential, credentialOf } from './credential.js';
import { placeOf } from './place.js';
import { type FoundCaller, PrincipalsRepository } from './principals.repository.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { SessionToken } from './sessions/session-token.js';
import { type GuardedRule, NO_CONTEXT, type WantedContext, wantedContext } from './wanted-context.js';

type Recognised = FoundCaller & { kind: CredentialKind };

/** Credential and context of a request → who is calling, where, and with which roles; one query. */
@Injectable()
export class PrincipalLoader {
  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly sessionToken: SessionToken,
    private readonly cookie: SessionCookie,
    private readonly cookieCallers: CookieCallers,
    private readonly lastUsed: LastUsed,
    private readonly config: Config,
  ) {}

  /** Throws InvalidCredential, then ContextNotYours, then what is malformed (decision 43). */
  async load(credential: Credential, rule: GuardedRule, request: FastifyRequest): Promise<Principal> {
    const wanted = wantedContext(rule, request);
    const found = await this.recognise(credential, wanted);
    if (!found) throw new InvalidCredential();
    if (found.kind !== 'session') this.lastUsed.note(found.credentialId);
    const place = placeOf(found, wanted, rule);
    if (wanted.problems.length > 0) throw new ValidationFailed(wanted.problems);
    return new Caller({
      ...place,
      kind: found.kind === 'service-key' ? 'service' : 'user',
      credential: { kind: found.kind, id: found.credentialId },
      sessionMethod: found.sessionMethod,
      userId: found.userId,
      email: found.email,
      orgWasNamed: wanted.orgId !== null,
      request: requestFacts(request),
    });
  }

  /** Whether the request shows a valid credential; for a public route that a setting may close. */
  async isRecognised({ headers }: Pick<FastifyRequest, 'headers'>): Promise<boolean> {
    const credential = credentialOf(headers, this.cookie);
    return credential !== null && (await this.recognise(credential, NO_CONTEXT)) !== null;
  }

  private async recognise({ kind, value }: Credential, wanted: WantedContext): Promise<Recognised | null> {
    if (kind === 'api-key') return this.byKey(value, wanted);
    const found =
      kind === 'cookie' ? await this.cookieCallers.find(value, wanted) : await this.byToken(value, wanted);
    return found && { ...found, kind: 'session' };
  }

  /** A session that a password began is worth nothing any more where people sign in at a provider. */
  private async byToken(token: string, wanted: WantedContext): Promise<FoundCaller | null> {
    const claims = await this.sessionToken.verify(token);
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
