import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { Session } from './session.entity.js';
import type { EndedSession } from './sessions.repository.js';

export type SsoSession = Omit<Session, 'method' | 'refreshingUntil' | 'lastUsedAt'>;

/** A session that this process may refresh until the claim expires, with what the refresh needs. */
export type RefreshClaim = Pick<Session, 'id' | 'createdAt' | 'providerExpiresAt'> & {
  subject: string;
  sealedRefreshToken: string;
  sealedIdToken: string;
};

export type RefreshedSession = Pick<
  Session,
  | 'sealedRefreshToken'
  | 'sealedIdToken'
  | 'confirmedUntil'
  | 'refreshDueAt'
  | 'expiresAt'
  | 'providerExpiresAt'
>;

/** Longer than the provider timeout; a process that has not reported by then is assumed to have crashed. */
const CLAIM_SECONDS = 30;
/** The pause after an unusable response of the provider, per session. */
const PAUSE_SECONDS = 30;

const INSERT = named('sso_sessions_insert')`
  insert into sessions (id, user_id, method, created_at, expires_at, user_agent, client_host, token_digest, issuer,
    subject, provider_session_id, sealed_refresh_token, sealed_id_token, confirmed_until, refresh_due_at,
    acr, amr, authenticated_at, provider_expires_at)
  values ($1, $2, 'sso', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`;

const CLAIM_REFRESH = named('sso_sessions_claim_refresh')`
  update sessions set refreshing_until = now() + interval '${CLAIM_SECONDS} seconds'
  where id = $1 and refresh_due_at <= now() and expires_at > now()
    and (refreshing_until is null or refreshing_until <= now())
  returning id, created_at as "createdAt", provider_expires_at as "providerExpiresAt", subject,
    sealed_refresh_token as "sealedRefreshToken", sealed_id_token as "sealedIdToken"`;

const IS_BEING_REFRESHED = named('sso_sessions_is_being_refreshed')`
  select 1 from sessions where id = $1 and confirmed_until <= now() and refreshing_until > now()`;

/** A session without a `sid` is ended too if the subject matches, because it may be the one that is named. */
const REMOVE_BY_PROVIDER = named('sso_sessions_remove_by_provider')`
  delete from sessions where issuer = $1 and (
    (provider_session_id = $2 and ($3::text is null or subject = $3))
    or ((provider_session_id is null or $2::text is null) and subject = $3))
  returning user_id as "userId", sealed_id_token as "sealedIdToken"`;

/** SSO sessions. Each end is one conditional statement, so that no refresh restores an ended session. */
@Injectable()
export class SsoSessionsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(Session);
  }

  async insert(session: SsoSession): Promise<void> {
    await this.sql.affected(INSERT, [
      session.id,
      session.userId,
      session.createdAt,
      session.expiresAt,
      session.userAgent,
      session.clientHost,
      session.tokenDigest,
      session.issuer,
      session.subject,
      session.providerSessionId,
      session.sealedRefreshToken,
      session.sealedIdToken,
      session.confirmedUntil,
      session.refreshDueAt,
      session.acr,
      session.amr,
      session.authenticatedAt,
      session.providerExpiresAt,
    ]);
  }

  /** Null if no refresh is due or another process holds the claim; at most one claim over all replicas. */
  claimRefresh(id: string): Promise<RefreshClaim | null> {
    return this.sql.row(CLAIM_REFRESH, [id]);
  }

  /** True while another process refreshes a session whose confirmation has expired. */
  async isBeingRefreshed(id: string): Promise<boolean> {
    return (await this.sql.row(IS_BEING_REFRESHED, [id])) !== null;
  }

  async confirm(claim: RefreshClaim, fresh: RefreshedSession): Promise<void> {
    await this.rows.update(unchanged(claim), { ...fresh, refreshingUntil: null });
  }

  async pauseRefreshing(claim: RefreshClaim): Promise<void> {
    const refreshDueAt = () => `now() + interval '${PAUSE_SECONDS} seconds'`;
    await this.rows.update(unchanged(claim), { refreshingUntil: null, refreshDueAt });
  }

  async removeRefused(claim: RefreshClaim): Promise<void> {
    await this.rows.delete(unchanged(claim));
  }

  /** Ends all sessions of a subject at the provider, or one session there. */
  removeByProvider(
    issuer: string,
    target: { subject: string | null; sid: string | null },
  ): Promise<EndedSession[]> {
    return this.sql.rows(REMOVE_BY_PROVIDER, [issuer, target.sid, target.subject]);
  }
}

/**
 * The result of a refresh is written only while the row holds the token that was used: if two processes used it, the
 * first result wins, and the rejection of a replaced token ends no session.
 */
const unchanged = ({ id, sealedRefreshToken }: RefreshClaim) => ({ id, sealedRefreshToken });
