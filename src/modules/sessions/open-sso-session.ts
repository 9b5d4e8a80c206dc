import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { requestMetadata } from '../../common/http/request-metadata.decorator.js';
import { required } from '../../common/collections.js';
import { Config } from '../../config/config.js';
import { newId } from '../../database/statements/new-id.js';
import { awaitAll } from '../../database/transactions/unit-of-work.js';
import { DatabaseClock } from '../../database/transactions/database-clock.js';
import { BrowserSession } from './browser-session.js';
import { SessionCookie } from './session-cookie.js';
import { SessionSecrets } from './session-secrets.js';
import { type SsoSession, SsoSessionsRepository } from './sso-sessions.repository.js';

/** The tokens that renew and end a session. */
export type SsoTokens = {
  readonly idToken: string;
  readonly idTokenExpiresAt: Date;
  readonly refreshToken: string | null;
  /** The session id at the provider, which a back-channel logout token may name. */
  readonly sid: string | null;
  /** When the provider ends the session; null: it does not say. */
  readonly sessionExpiresAt: Date | null;
};

type SessionIdentity = {
  readonly issuer: string;
  readonly authentication: Pick<SsoSession, 'acr' | 'amr' | 'authenticatedAt'>;
};

type NewSession = {
  readonly userId: string;
  readonly login: { readonly identity: SessionIdentity; readonly tokens: SsoTokens };
  readonly request: FastifyRequest;
};

/** Opens SSO sessions. The caller has authenticated the user and opens the transaction. */
@Injectable()
export class OpenSsoSession {
  constructor(
    private readonly sessions: SsoSessionsRepository,
    private readonly secrets: SessionSecrets,
    private readonly browserSession: BrowserSession,
    private readonly cookie: SessionCookie,
    private readonly clock: DatabaseClock,
    private readonly config: Config,
  ) {}

  /** Under a new token, against session fixation; ends the previous session of this browser. */
  async run({ userId, login, request }: NewSession): Promise<{ setCookie: string }> {
    const { identity, tokens } = login;
    const [createdAt] = await awaitAll([this.clock.now(), this.browserSession.end(request)]);
    const token = this.secrets.newToken();
    const { userAgent, clientHost } = requestMetadata(request);
    const { refreshToken, idTokenExpiresAt, sessionExpiresAt: providerExpiresAt } = tokens;
    const limits = required(this.config.sso, 'single sign-on');
    const length = sessionLength(
      { idTokenExpiresAt, providerExpiresAt, hasRefreshToken: refreshToken !== null },
      { startedAt: createdAt, now: createdAt },
      limits,
    );
    const isRenewed = length.refreshDueAt !== null && refreshToken !== null;
    const session: SsoSession = {
      id: newId(),
      userId,
      userAgent,
      clientHost,
      createdAt,
      tokenDigest: this.secrets.digest(token),
      issuer: identity.issuer,
      subject: decodeJwt(tokens.idToken).sub ?? null,
      providerSessionId: tokens.sid,
      sealedRefreshToken: isRenewed ? this.secrets.encrypt(refreshToken) : null,
      sealedIdToken: this.secrets.encrypt(tokens.idToken),
      providerExpiresAt,
      ...identity.authentication,
      ...length,
    };
    await this.sessions.insert(session);
    const expiresAt = isRenewed ? latestEnd(createdAt, limits) : length.expiresAt;
    return { setCookie: this.cookie.serialize(token, { createdAt, expiresAt }) };
  }
}

/** What the provider confirmed: the expiry of its ID token, and whether a refresh token came with it. */
type Confirmation = {
  readonly idTokenExpiresAt: Date;
  /** The last `session_expiry`; null: there was none. */
  readonly providerExpiresAt: Date | null;
  readonly hasRefreshToken: boolean;
};

type LengthLimits = { readonly sessionMaxSeconds: number; readonly overrideTokenExpiry: boolean };

type SessionLength = {
  /** Valid without a renewal until this time. */
  readonly confirmedUntil: Date;
  /** Null if the session is never renewed. */
  readonly refreshDueAt: Date | null;
  /** Only a renewal with a later end at the provider extends it. */
  readonly expiresAt: Date;
};

/** Renewal starts this early, so that an active user does not wait for the renewal of an expired confirmation. */
const MAX_LEAD_SECONDS = 60;
const LEAD_SHARE = 0.1;

/**
 * The length of a session that started at `startedAt`, after the provider's response at `now`: until the ID token
 * expires; up to the maximum with a refresh token, or if OAUTH_OVERRIDE_TOKEN_EXPIRY is set. The maximum counts from
 * the login. The provider may set an earlier end, which a renewal may move (docs/contract/sign-in.md#session-length).
 */
export function sessionLength(
  { idTokenExpiresAt, providerExpiresAt, hasRefreshToken }: Confirmation,
  { startedAt, now }: { startedAt: Date; now: Date },
  limits: LengthLimits,
): SessionLength {
  const latest = latestEnd(startedAt, limits);
  const end = providerExpiresAt === null ? latest : earlier(providerExpiresAt, latest);
  const confirmedUntil = limits.overrideTokenExpiry ? end : earlier(idTokenExpiresAt, end);
  if (!hasRefreshToken || confirmedUntil >= latest)
    return { confirmedUntil, refreshDueAt: null, expiresAt: confirmedUntil };
  const seconds = (confirmedUntil.getTime() - now.getTime()) / 1000;
  const lead = Math.min(MAX_LEAD_SECONDS, Math.max(0, seconds) * LEAD_SHARE);
  return { confirmedUntil, refreshDueAt: addSeconds(confirmedUntil, -lead), expiresAt: end };
}

const latestEnd = (startedAt: Date, { sessionMaxSeconds }: LengthLimits) =>
  addSeconds(startedAt, sessionMaxSeconds);

const earlier = (one: Date, other: Date) => (one < other ? one : other);

const addSeconds = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);
