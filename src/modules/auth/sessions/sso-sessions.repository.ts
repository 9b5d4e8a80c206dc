import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../../database/sql.js';
import { Transaction } from '../../../database/transaction.js';
import { Session } from './session.entity.js';

export type SsoSession = Omit<Session, 'method' | 'refreshingUntil'>;

/** A session whose refresh is ours alone for a while, with what is needed for it. */
export type RefreshClaim = Pick<Session, 'id' | 'createdAt'> & {
  subject: string;
  sealedRefreshToken: string;
  sealedIdToken: string;
};

/** What a refresh changes. */
export type RefreshedSession = Pick<
  Session,
  'sealedRefreshToken' | 'sealedIdToken' | 'confirmedUntil' | 'refreshDueAt' | 'expiresAt'
>;

export type EndedSession = Pick<Session, 'userId' | 'sealedIdToken'>;

/** Longer than the provider is waited for; whoever does not report back until then has died. */
const CLAIM_SECONDS = 30;
/** Until a provider that gave no usable answer is asked again, per session. */
const PAUSE_SECONDS = 30;

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
 * How a refresh comes out is written only while the row holds the very refresh token that was used ($2): of two that
 * used the same one (the first was given up for dead and was not), the first to report wins, and the refusal of a token
 * that was replaced meanwhile ends nothing.
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

/** A session that never learned its `sid` may be the one that is meant, when the person is. */
const REMOVE_BY_PROVIDER_SESSION: Statement = {
  name: 'sso_sessions_remove_by_provider_session',
  text: `
    delete from sessions where issuer = $1 and (
      (provider_session_id = $2 and ($3::text is null or subject = $3))
      or (provider_session_id is null and subject = $3))
    returning user_id as "userId", sealed_id_token as "sealedIdToken"`,
};

/** Sessions of single sign-on. Each end is one conditional write, so that no refresh brings back what was ended. */
@Injectable()
export class SsoSessionsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  async insert(session: SsoSession): Promise<void> {
    await this.transaction.manager.getRepository(Session).insert({ ...session, method: 'sso' });
  }

  /** Null when it is not due, or somebody else is at it; one at a time over all replicas. */
  claimRefresh(id: string): Promise<RefreshClaim | null> {
    return this.sql.row(CLAIM_REFRESH, [id]);
  }

  /** Somebody is refreshing it, and until then it is not confirmed. */
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

  /** The session that was ended, or null. */
  removeByToken(digest: Buffer): Promise<EndedSession | null> {
    return this.sql.row(REMOVE_BY_TOKEN, [digest]);
  }

  /** Of a person at the provider, or of one session there. */
  removeByProvider(
    issuer: string,
    target: { subject: string | null; sid: string | null },
  ): Promise<EndedSession[]> {
    return target.sid === null
      ? this.sql.rows(REMOVE_BY_SUBJECT, [issuer, target.subject])
      : this.sql.rows(REMOVE_BY_PROVIDER_SESSION, [issuer, target.sid, target.subject]);
  }
}
