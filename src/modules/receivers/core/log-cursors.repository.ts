import { Injectable } from '@nestjs/common';
import { LEASE_SECONDS } from '../../../common/background/lifecycle.js';
import { Config } from '../../../config/config.js';
import { newId } from '../../../database/statements/new-id.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { SEALED } from '../../audit/index.js';
import { entriesAfter, type EntryAt, isStillThere } from '../../events/index.js';
import type { ReceiverKindName } from './entities.js';

/** What a process sends to a receiver at present. */
export type LogClaim = {
  readonly id: string;
  readonly orgId: string;
  readonly claimId: string;
  /** Of the last entry that is dealt with. */
  readonly position: string;
  /** Up to which entries may be sent. */
  readonly horizon: EntryAt;
};

const EXIST: Statement = named('log_cursors_exist')`
  select exists (select from log_cursors where kind = $1) as exist`;

/** A horizon, or what is sealed if the database has gone back since. */
const start = (position: string, id: string) =>
  `case when ${isStillThere(position, id)} then ${position} else least(${position}, ${SEALED}) end`;

const INSERT: Statement = named('log_cursors_insert')`
  insert into log_cursors (id, kind, org_id, position) values ($1, $2, $3, ${start('$4::bigint', '$5::uuid')})`;

/**
 * Those of enabled organizations with entries up to the horizon, longest due first. $1: kind, $2: claim, $3 and $5: horizon.
 * An array, since PostgreSQL may run a subquery of `in` for each row.
 */
const CLAIM: Statement = named('log_cursors_claim')`
  update log_cursors set claim_id = $2, due_at = now() + interval '${LEASE_SECONDS} seconds'
  where id = any (array(
    select c.id from log_cursors c
    where c.kind = $1 and c.due_at <= now()
      and exists (select from organizations o where o.id = c.org_id and not o.is_disabled)
      and (select true ${entriesAfter('c.org_id', 'c.position', '$3')} limit 1)
    order by c.due_at limit $4 for update of c skip locked))
    and ${isStillThere('$3', '$5')}
  returning id, org_id as "orgId", claim_id as "claimId", position`;

const RENEW: Statement = named('log_cursors_renew')`
  update log_cursors set due_at = now() + interval '${LEASE_SECONDS} seconds' where id = $1 and claim_id = $2`;

/** Only the claim that was made last. $5 and $6: the horizon of the claim. */
const MOVE: Statement = named('log_cursors_move')`
  update log_cursors set position = $3, claim_id = null, due_at = now() + make_interval(secs => $4)
  where id = $1 and claim_id = $2 and ${isStillThere('$5', '$6')}`;

/** A claim ends, so that a process that is sending does not move the cursor any more. */
const PLACE: Statement = named('log_cursors_place')`
  update log_cursors set position = greatest(position, ${start('$2::bigint', '$4::uuid')}), claim_id = null,
    due_at = case when $3 then now() else 'infinity' end
  where id = $1`;

/** So that retention, which may remove what these have passed, does not seem to overtake them. Not where it has. */
const FOLLOW: Statement = named('log_cursors_follow')`
  update log_cursors c set position = $2
  where kind = $1 and position < $2 and ${isStillThere('$2', '$3')}
    and (select true ${entriesAfter('c.org_id', 'c.position', '$2')} limit 1) is null
    and not exists (select from audit_anchors a where a.chain = c.org_id and a.through > c.position)`;

const DELETE: Statement = named('log_cursors_delete')`delete from log_cursors where id = any($1::uuid[])`;

/**
 * Cursors in the audit log, one row for each receiver. A process claims one, renews the claim while it sends what
 * follows its position, and moves it; if the process ends before, another one claims it again and sends the same once more.
 */
@Injectable()
export class LogCursorsRepository {
  /** Until when `exist` does not look again, and when this process has added one. */
  private readonly noneUntil = new Map<ReceiverKindName, number>();
  private readonly addedAt = new Map<ReceiverKindName, number>();

  constructor(
    private readonly sql: Sql,
    private readonly config: Config,
  ) {}

  /** @param horizon after which entries are sent */
  async insert(id: string, kind: ReceiverKindName, orgId: string, horizon: EntryAt): Promise<void> {
    await this.sql.affected(INSERT, [id, kind, orgId, String(horizon.position), horizon.id]);
    this.addedAt.set(kind, performance.now());
    this.noneUntil.delete(kind);
  }

  /** Of this kind, due or not. While there are none, it looks only now and then for what other processes have added. */
  async exist(kind: ReceiverKindName): Promise<boolean> {
    const { lookEveryMs } = this.config.receivers;
    const now = performance.now();
    if (now < (this.noneUntil.get(kind) ?? 0)) return false;
    const { exist } = await this.sql.one<{ exist: boolean }>(EXIST, [kind]);
    const isAdding = now < (this.addedAt.get(kind) ?? -Infinity) + lookEveryMs; // in an open transaction
    if (!exist && !isAdding) this.noneUntil.set(kind, now + lookEveryMs);
    return exist;
  }

  /** At most `limit` of those for which there is something to send. */
  async claim(kind: ReceiverKindName, horizon: EntryAt, limit: number): Promise<LogClaim[]> {
    const values = [kind, newId(), String(horizon.position), limit, horizon.id];
    return (await this.sql.rows<LogClaim>(CLAIM, values)).map((row) => ({ ...row, horizon }));
  }

  /** Ends the claim. False: it is no longer the last one, the cursor is deleted, or the database has gone back. */
  async move({ horizon, ...claim }: LogClaim, position: string, pauseSeconds = 0): Promise<boolean> {
    const values = [claim.id, claim.claimId, position, pauseSeconds, String(horizon.position), horizon.id];
    return (await this.sql.affected(MOVE, values)) > 0;
  }

  async renew({ id, claimId }: LogClaim): Promise<void> {
    await this.sql.affected(RENEW, [id, claimId]);
  }

  /** Enables or disables it; never moves it back. @param at null: where it is */
  async place(id: string, at: EntryAt | null, isEnabled: boolean): Promise<void> {
    await this.sql.affected(PLACE, [id, String(at?.position ?? 0), isEnabled, at?.id ?? null]);
  }

  /** Moves those without entries up to the horizon to it. */
  async follow(kind: ReceiverKindName, horizon: EntryAt): Promise<void> {
    await this.sql.affected(FOLLOW, [kind, String(horizon.position), horizon.id]);
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.sql.affected(DELETE, [ids]);
  }
}
