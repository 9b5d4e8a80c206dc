import { Injectable } from '@nestjs/common';
import { secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import type { ArtifactKind, OauthArtifact } from './entities.js';

type NewArtifact = Pick<OauthArtifact, 'clientId' | 'content'> & {
  readonly grantId: string | null;
  readonly userCode: string | null;
  readonly seconds: number;
};

export type FoundArtifact = Pick<OauthArtifact, 'clientId' | 'grantId' | 'content'> & {
  /** Until the end, by the clock of the database; not positive: it has ended. */
  readonly secondsLeft: number;
  readonly isConsumed: boolean;
  /** It was used less than a minute ago: an answer may have been lost. */
  readonly wasJustConsumed: boolean;
};

/** A device code, found by its user code. */
export type PendingDevice = Pick<OauthArtifact, 'clientId' | 'content' | 'createdAt' | 'expiresAt'>;

/** A code or token of a grant that ends at this moment is not stored: the statement waits for the end, and finds no grant. */
const INSERT = named('oauth_artifacts_insert')`
  insert into oauth_artifacts (digest, kind, client_id, grant_id, user_code_digest, content, expires_at)
  select $1, $2, $3, $4::uuid, $5, $6, clock_timestamp() + make_interval(secs => $7)
  where $4::uuid is null or exists (select from oauth_grants where id = $4 for key share)`;

const FIND = named('oauth_artifacts_find')`
  select client_id as "clientId", grant_id as "grantId", content,
    extract(epoch from expires_at - clock_timestamp())::float8 as "secondsLeft", consumed_at is not null as "isConsumed",
    coalesce(consumed_at > clock_timestamp() - interval '60 s', false) as "wasJustConsumed"
  from oauth_artifacts where digest = $1 and kind = $2`;

/** Locks the grant before the row, as the end of a grant does. */
const CONSUME = named('oauth_artifacts_consume')`
  update oauth_artifacts a set consumed_at = clock_timestamp() where digest = $1 and consumed_at is null
    and (grant_id is null or exists (select from oauth_grants where id = a.grant_id for key share))`;

const REMOVE = named('oauth_artifacts_remove')`
  delete from oauth_artifacts where digest = $1 and kind = $2`;

/** Waiting for a person: neither approved nor denied. */
const IS_PENDING = `kind = 'DeviceCode' and grant_id is null and not content ? 'error' and expires_at > clock_timestamp()`;

const FIND_PENDING = named('oauth_artifacts_find_pending')`
  select client_id as "clientId", content, created_at as "createdAt", expires_at as "expiresAt"
  from oauth_artifacts where user_code_digest = $1 and ${IS_PENDING}`;

const DECIDE = named('oauth_artifacts_decide')`
  update oauth_artifacts set grant_id = $2, content = content || $3 where user_code_digest = $1 and ${IS_PENDING}`;

/** Of polls in between, the time is not stored, so that a client that goes on gets its tokens. */
const POLL = named('oauth_artifacts_poll')`
  with code as (
    select digest, coalesce(polled_at > clock_timestamp() - interval '5 s', false) as is_early
    from oauth_artifacts where digest = $1 and ${IS_PENDING} for update
  ), polled as (
    update oauth_artifacts a set polled_at = clock_timestamp() from code c where a.digest = c.digest and not c.is_early)
  select is_early as "isEarly" from code`;

/** The stored form of a code or token of this kind; a digest, sent as a token, has another one. */
export const artifactDigest = (salt: string, kind: string, token: string): Buffer =>
  secretDigest(salt, `${kind} ${token}`);

/** Codes and tokens, by digests only. */
@Injectable()
export class ArtifactsRepository {
  private readonly salt: string;

  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
    { apiKeys }: Config,
  ) {
    this.salt = apiKeys.salt;
    const ended = sweep('oauth_artifacts', { key: 'digest', minutesLater: 10, limit: 1000 });
    removals.addSweep('ended codes and tokens', ended);
  }

  /** False if the grant has ended. */
  async insert(kind: ArtifactKind, token: string, artifact: NewArtifact): Promise<boolean> {
    const { clientId, grantId, userCode, content, seconds } = artifact;
    const userCodeDigest = userCode && this.userCodeDigest(userCode);
    const values = [this.digest(kind, token), kind, clientId, grantId, userCodeDigest, content, seconds];
    return (await this.sql.affected(INSERT, values)) === 1;
  }

  find(kind: ArtifactKind, token: string): Promise<FoundArtifact | null> {
    return this.sql.row(FIND, [this.digest(kind, token), kind]);
  }

  /** False if another request has used it. */
  async consume(kind: ArtifactKind, token: string): Promise<boolean> {
    return (await this.sql.affected(CONSUME, [this.digest(kind, token)])) === 1;
  }

  async remove(kind: ArtifactKind, token: string): Promise<void> {
    await this.sql.affected(REMOVE, [this.digest(kind, token), kind]);
  }

  findPending(userCode: string): Promise<PendingDevice | null> {
    return this.sql.row(FIND_PENDING, [this.userCodeDigest(userCode)]);
  }

  /** Approves the device code for the grant, or denies it without one; false if it does not wait any more. */
  async decide(userCode: string, grantId: string | null, content: object): Promise<boolean> {
    return (await this.sql.affected(DECIDE, [this.userCodeDigest(userCode), grantId, content])) === 1;
  }

  /** Whether the poll comes less than five seconds after the last one. The first poll never does. */
  async pollsTooEarly(deviceCode: string): Promise<boolean> {
    const digest = this.digest('DeviceCode', deviceCode);
    return (await this.sql.row<{ isEarly: boolean }>(POLL, [digest]))?.isEarly ?? false;
  }

  private digest(kind: ArtifactKind, token: string): Buffer {
    return artifactDigest(this.salt, kind, token);
  }

  private userCodeDigest(userCode: string): Buffer {
    return artifactDigest(this.salt, 'user code', userCode);
  }
}
