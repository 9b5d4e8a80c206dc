import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { logFailure } from '../../common/errors/log-failure.js';
import { Config } from '../../config/config.js';
import { newId } from '../../database/statements/new-id.js';
import { poolOf } from '../../database/connection/connection-pool.js';
import { ChangeHistory } from './change-history.js';
import { ChangeLogConnection } from './change-log-connection.js';
import { type ChangesRow, LONGEST_GAP_SECONDS } from './change-log.statements.js';
import { type Instant, Lease } from './lease.js';

const RENEW_EVERY_MS = 50;
const REGISTER_EVERY_MS = 5000;
/** A lease is worth its twenty statements a second only if look-ups follow each other. */
const STARTS_WITHIN_MS = 1000;
/** After this time without a look-up, the lease is suspended: no statement, no registration, no connection. */
const SUSPEND_AFTER_MS = 5000;
const LONGEST_PAUSE_MS = 1000;

/** Another process has removed the registration, or the connection leads to a standby. */
class ReplicaNotRegistered extends Error {
  constructor() {
    super('the database is a standby, or this replica is not registered any more');
  }
}

/** How far the change log has been read. */
type LogPosition = { readonly snapshot: string; readonly server: string; readonly readAt: number };

/**
 * Whether this replica may use cached access (docs/decisions/0061). While requests ask for it, it reads the change log
 * every 50 ms, and each reading permits the use for 100 ms from before it was sent. Its row in the registry makes
 * writers wait until it has read their change.
 */
@Injectable()
export class AccessLease implements BeforeApplicationShutdown {
  readonly history = new ChangeHistory();
  /** Of this replica in the registry. */
  readonly replicaId = newId();
  /** How many users, organizations and credentials the changes named that were read since the start. */
  changes = 0;
  private readonly log = new Logger(AccessLease.name);
  private readonly lease = new Lease();
  private readonly outsideOfRequests = AsyncLocalStorage.snapshot();
  private readonly stopping = new AbortController();
  private connection: ChangeLogConnection | null = null;
  private last: LogPosition | null = null;
  private registeredMs = -Infinity;
  private usedMs = -Infinity;
  /** Null while the lease is suspended. */
  private renewing: Promise<void> | null = null;
  private reading: Promise<unknown> = Promise.resolve();
  private nextRead: Promise<ChangesRow | null> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** Asked before each use of what is cached. Two look-ups within a second start a resting lease. */
  isHeld(): boolean {
    if (!this.config.callerCache.isOn) return false;
    const lastMs = this.usedMs;
    this.usedMs = performance.now();
    if (this.lease.isValid) return true;
    if (!this.stopping.signal.aborted && this.usedMs - lastMs < STARTS_WITHIN_MS)
      this.renewing ??= this.outsideOfRequests(() => this.renewWhileUsed()).finally(
        () => (this.renewing = null),
      );
    return false;
  }

  /** While the lease is held: the database's time is not later, in seconds since the Unix epoch. */
  get latestDatabaseSeconds(): number {
    return this.lease.latestDatabaseSeconds;
  }

  /** Milliseconds since the last reading was sent; null while nothing cached is used. */
  get ageMs(): number | null {
    return this.lease.isValid ? this.lease.ageMs : null;
  }

  /**
   * Resolves when changes that were committed before the call end what this process has cached, with what the reading
   * has found; null if nothing cached may be used. Does not reject.
   */
  async applyChanges(): Promise<ChangesRow | null> {
    return this.renewing && this.readNext();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.renewing;
  }

  private async renewWhileUsed(): Promise<void> {
    let pauseMs = RENEW_EVERY_MS;
    while (!this.stopping.signal.aborted && performance.now() - this.usedMs < SUSPEND_AFTER_MS) {
      const nextMs = performance.now() + pauseMs;
      pauseMs = (await this.renew()) !== null ? RENEW_EVERY_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      const signal = this.stopping.signal;
      await pause(Math.max(0, nextMs - performance.now()), undefined, { signal, ref: false }).catch(() => {});
    }
    await this.suspend();
  }

  private async renew(): Promise<ChangesRow | null> {
    try {
      if (!this.connection) await this.connect();
    } catch (error) {
      this.disconnect(error);
      return null;
    }
    if (performance.now() - this.registeredMs > REGISTER_EVERY_MS) await this.register();
    return this.readNext();
  }

  /** Nothing that was cached before is used: the connection may lead to another server. */
  private async connect(): Promise<void> {
    this.last = null;
    this.registeredMs = performance.now();
    this.connection = await ChangeLogConnection.open(poolOf(this.dataSource).options, this.replicaId);
  }

  /** A reading that begins after the call, which concurrent callers share. Null if it did not renew the lease. */
  private readNext(): Promise<ChangesRow | null> {
    this.nextRead ??= this.reading.then(() => {
      this.nextRead = null;
      const reading = this.read();
      this.reading = reading;
      return reading;
    });
    return this.nextRead;
  }

  private async read(): Promise<ChangesRow | null> {
    const { connection, last } = this;
    if (!connection) return null;
    const asked = this.lease.now();
    try {
      const found = await connection.readChanges(last?.snapshot ?? null);
      if (connection !== this.connection) return null;
      this.apply(found, asked);
      return found;
    } catch (error) {
      if (connection === this.connection) this.disconnect(error);
      return null;
    }
  }

  /** @throws ReplicaNotRegistered */
  private apply(found: ChangesRow, asked: Instant): void {
    if (!found.isRegistered) throw new ReplicaNotRegistered();
    const isGapless = this.last !== null && isSuccessor(found, this.last);
    if (!isGapless) this.history.addEverybody();
    else if (found.subjectIds.length > 0) this.history.add(found.subjectIds);
    this.changes += found.subjectIds.length;
    this.last = { snapshot: found.snapshot, server: found.server, readAt: found.readAt };
    this.lease.grant(asked, found.readAt);
    if (!isGapless || found.subjectIds.length > 0) void this.register();
  }

  /** Writes which changes have been applied, for writers that wait. */
  private async register(): Promise<void> {
    const { connection } = this;
    this.registeredMs = performance.now();
    try {
      await connection?.register(this.last?.snapshot ?? null);
    } catch (error) {
      if (connection === this.connection) this.disconnect(error);
    }
  }

  private disconnect(error: unknown): void {
    this.lease.end();
    this.connection?.close();
    this.connection = null;
    this.history.addEverybody();
    if (!this.stopping.signal.aborted) logFailure(this.log, 'access is not cached at the moment', error);
  }

  /** A read that is under way no longer renews the lease, since its connection is not the current one. */
  private async suspend(): Promise<void> {
    const { connection } = this;
    this.connection = null;
    this.lease.end();
    this.history.addEverybody();
    await connection?.unregister().catch(() => undefined); // writers stop waiting for it after some seconds
    connection?.close();
  }
}

/** The same server, and so little time in between that the log has lost nothing. */
function isSuccessor(found: ChangesRow, last: LogPosition): boolean {
  const gapSeconds = found.readAt - last.readAt;
  return found.server === last.server && gapSeconds >= 0 && gapSeconds < LONGEST_GAP_SECONDS;
}
