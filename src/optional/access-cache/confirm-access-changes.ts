import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { BatchQueue } from '../../common/background/batch-queue.js';
import { delayResponses } from '../../common/http/response-hooks.js';
import { runOnPool } from '../../database/connection/connection-pool.js';
import { CommitListeners } from '../../database/transactions/commit-listeners.js';
import { aborted, unlessAborted } from '../../common/background/lifecycle.js';
import { AccessLease } from './access-lease.js';
import { FIND_UNSEEN, type UnseenRow } from './change-log.statements.js';
import { LEASE_MS } from './lease.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const REVOKING = new Set(['DELETE', 'PATCH', 'PUT']);
/** Those by POST and GET that take access away, and succeed or find nothing if another request has done so before. */
export const REVOKING_ROUTES: ReadonlySet<string> = new Set([
  '/api/v1/oauth/custom-oidc/backchannel-logout',
  '/api/v1/oauth/custom-oidc/frontchannel-logout',
  '/api/v1/oauth/custom-oidc/logout',
  '/api/v1/oauth/revoke',
  '/api/v1/orgs/current/credentials/revocation',
  '/api/v1/orgs/current/personal-access-tokens/:pat_id/revocation',
  '/api/v1/orgs/current/personal-access-tokens/:pat_id/rotate',
  '/api/v1/orgs/current/service-keys/:api_key_id/rotate',
  '/scim/v2/Bulk',
  '/v1/platform/orgs/current/scim/tokens/:scim_token_id/rotate',
]);

/** What `log_access_changes` in `schema.sql` sends. */
const ACCESS_CHANGED = 'access changed';

/** Every lease that was granted before the commit has ended by then, with 10 ms for imprecise timers. */
const LONGEST_WAIT_MS = LEASE_MS + 10;
const ASK_EVERY_MS = 5;

type Changes = { any: boolean };

/**
 * Makes changes of access hold on every replica before they are acknowledged, those of a request once for all of them,
 * before its response. A response that shows a caller that access is gone, or that repeats an earlier response, waits for the changes of
 * other requests too: a deletion that is repeated elsewhere finds nothing to delete (docs/contract/installation.md#caching).
 */
@Injectable()
export class ConfirmAccessChanges implements OnModuleInit {
  private readonly current = new AsyncLocalStorage<Changes>();
  private readonly changes = new WeakMap<FastifyRequest, Changes>();
  /** Concurrent questions share a statement. */
  private readonly unseen = new BatchQueue<string | null, UnseenRow>((snapshots) => this.find(snapshots), {
    retryEach: false,
  });

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly dataSource: DataSource,
    private readonly lease: AccessLease,
    listeners: CommitListeners,
  ) {
    listeners.on(ACCESS_CHANGED, () => this.confirm());
  }

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('preHandler', (request, _reply, done) => this.collect(request, done));
    delayResponses(
      fastify,
      (request, reply) => this.acknowledgesChange(request, reply),
      () => this.wait(),
    );
  }

  /** Waits at once outside of requests, and in those of a safe method. */
  private async confirm(): Promise<void> {
    const changes = this.current.getStore();
    if (changes) changes.any = true;
    else await this.wait();
  }

  private collect(request: FastifyRequest, done: () => void): void {
    if (SAFE.has(request.method)) return done();
    const changes = { any: false };
    this.changes.set(request, changes);
    this.current.run(changes, done);
  }

  private acknowledgesChange(request: FastifyRequest, reply: FastifyReply): boolean {
    if (this.changes.get(request)?.any || reply.hasHeader('idempotency-replayed')) return true;
    const revokes = REVOKING.has(request.method) || REVOKING_ROUTES.has(request.route);
    return revokes && (reply.statusCode < 300 || [404, 409].includes(reply.statusCode));
  }

  /** Resolves when no replica uses what it cached before any change that was committed before the call. */
  private async wait(): Promise<void> {
    const leasesEnd = AbortSignal.timeout(LONGEST_WAIT_MS);
    const confirmed = this.confirmed(leasesEnd);
    await unlessAborted(leasesEnd, confirmed).catch(() => aborted(leasesEnd)); // an outage proves nothing
  }

  private async confirmed(leasesEnd: AbortSignal): Promise<void> {
    let { snapshot, isUnseen } = (await this.lease.applyChanges()) ?? (await this.unseen.enqueue('', null));
    while (isUnseen && !leasesEnd.aborted) {
      await pause(ASK_EVERY_MS);
      ({ snapshot, isUnseen } = await this.unseen.enqueue('', snapshot));
    }
  }

  /** Null: all changes that are committed now. */
  private async find(snapshots: readonly (string | null)[]): Promise<UnseenRow[]> {
    const values = [snapshots, this.lease.replicaId];
    return (await runOnPool<UnseenRow>(this.dataSource, FIND_UNSEEN, values)).rows;
  }
}
