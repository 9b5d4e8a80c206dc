import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import type { Session } from './session.entity.js';
import type { EndedSession } from './sessions.repository.js';

export type SsoSession = Omit<Session, 'method' | 'refreshingUntil' | 'lastUsedAt'>;

/** A session that this process may refresh until the claim expires, with what the refresh needs. */
export type RefreshClaim = Pick<Session, 'id' | 'createdAt'> & {
  subject: string;
  sealedRefreshToken: string;
  sealedIdToken: string;
};

/** The columns that a refresh changes. */
export type RefreshedSession = Pick<
  Session,
  'sealedRefreshToken' | 'sealedIdToken' | 'confirmedUntil' | 'refreshDueAt' | 'expiresAt'
>;

/** Longer than the provider timeout; a process that has not reported by then is assumed to have crashed. */
const CLAIM_SECONDS = 30;
/** The pause after an unusable response of the provider, per session. */
const PAUSE_SECONDS = 30;

const INSERT: Statement = {
  name: 'sso_sessions_insert',
  text: `
    insert into sessions (id, user_id, method, created_at, expires_at, user_agent, client_host, token_digest, issuer,
      subject, provider_session_id, sealed_refresh_token, sealed_id_token, confirmed_until, refresh_due_at)
    values ($1, $2, 'sso', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
};

const CLAIM_REFRESH: Statement = {
  name: 'sso_sessions_claim_refresh',
  text: `
    update sessions set refreshing_until = now() + interval '${CLAIM_SECONDS} seconds'
    where id = $1 and refresh_due_at <= now() and expires_at > now()
      and (refreshing_until is null or refreshing_until <= now())
    returning id, created_at as "createdAt", subject, sealed_refresh_token as "sealedRefreshToken",
      sealed_id_token as "sealedIdToken"`,
};

const IS_BEING_REFRESHED: Statement = {
  name: 'sso_sessions_is_being_refreshed',
  text: 'select 1 from sessions where id = $1 and confirmed_until <= now() and refreshing_until > now()',
};

/*
 * The result of a refresh is written only while the row holds the refresh token that was used ($2). If two processes
 * used the same token, because a claim expired too early, the first result wins, and the rejection of a replaced token
 * ends no session.
 */

const CONFIRM: Statement = {
  name: 'sso_sessions_confirm',
  text: `
    update sessions set sealed_refresh_token = $3, sealed_id_token = $4, confirmed_until = $5, refresh_due_at = $6,
      expires_at = $7, refreshing_until = null
    where id = $1 and sealed_refresh_token = $2`,
};

const PAUSE: Statement = {
  name: 'sso_sessions_pause',
  text: `
    update sessions set refreshing_until = null, refresh_due_at = now() + interval '${PAUSE_SECONDS} seconds'
    where id = $1 and sealed_refresh_token = $2`,
};

const REMOVE_REFUSED: Statement = {
  name: 'sso_sessions_remove_refused',
  text: 'delete from sessions where id = $1 and sealed_refresh_token = $2',
};

const REMOVE_BY_TOKEN: Statement = {
  name: 'sso_sessions_remove_by_token',
  text: `
    delete from sessions where token_digest = $1 returning user_id as "userId", sealed_id_token as "sealedIdToken"`,
};

const REMOVE_BY_SUBJECT: Statement = {
  name: 'sso_sessions_remove_by_subject',
  text: `
    delete from sessions where issuer = $1 and subject = $2
    returning user_id as "userId", sealed_id_token as "sealedIdToken"`,
};

/** A session without a `sid` is ended too if the subject matches, because it may be the one that is named. */
const REMOVE_BY_PROVIDER_SESSION: Statement = {
  name: 'sso_sessions_remove_by_provider_session',
  text: `
    delete from sessions where issuer = $1 and (
      (provider_session_id = $2 and ($3::text is null or subject = $3))
      or (provider_session_id is null and subject = $3))
    returning user_id as "userId", sealed_id_token as "sealedIdToken"`,
};

/** SSO sessions. Each end is one conditional statement, so that no refresh restores an ended session. */
@Injectable()
export class SsoSessionsRepository {
  constructor(private readonly sql: Sql) {}

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

  async confirm({ id, sealedRefreshToken }: RefreshClaim, fresh: RefreshedSession): Promise<void> {
    await this.sql.affected(CONFIRM, [
      id,
      sealedRefreshToken,
      fresh.sealedRefreshToken,
      fresh.sealedIdToken,
      fresh.confirmedUntil,
      fresh.refreshDueAt,
      fresh.expiresAt,
    ]);
  }

  async pauseRefreshing({ id, sealedRefreshToken }: RefreshClaim): Promise<void> {
    await this.sql.affected(PAUSE, [id, sealedRefreshToken]);
  }

  async removeRefused({ id, sealedRefreshToken }: RefreshClaim): Promise<void> {
    await this.sql.affected(REMOVE_REFUSED, [id, sealedRefreshToken]);
  }

  /** Returns the ended session, or null. */
  removeByToken(digest: Buffer): Promise<EndedSession | null> {
    return this.sql.row(REMOVE_BY_TOKEN, [digest]);
  }

  /** Ends all sessions of a subject at the provider, or one session there. */
  removeByProvider(
    issuer: string,
    target: { subject: string | null; sid: string | null },
  ): Promise<EndedSession[]> {
    return target.sid === null
      ? this.sql.rows(REMOVE_BY_SUBJECT, [issuer, target.subject])
      : this.sql.rows(REMOVE_BY_PROVIDER_SESSION, [issuer, target.sid, target.subject]);
  }
}
