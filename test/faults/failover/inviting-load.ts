import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '../support/fault-server.js';
import { Load, type Outcome, send } from '../support/load.js';

const PAUSE_MS = 250; // about a hundred requests per second, which leaves time to Patroni
const RETRY_AFTER_MS = 1000;

/** What the server has acknowledged: the pending member's id and address. */
export type Invited = { id: string; email: string };
type Invitation = { email: string; key: string };
type Success = { at: number; replica: string; orgId: string };

/**
 * Each organization invites one person after another, at one of the replicas. An invitation that was not confirmed with
 * success is sent again with the same Idempotency-Key, as docs/operations.md recommends.
 */
export class InvitingLoad {
  readonly acknowledged: Invited[] = [];
  readonly retryAfters = new Set<unknown>();
  private readonly load: Load;
  private readonly successes: Success[] = [];
  private readonly slowest = new Map<Outcome['status'], number>();
  private retries = 0;
  private mostRetries = 0;

  constructor(
    callers: readonly Caller[],
    private readonly replicas: readonly string[],
  ) {
    this.load = new Load(
      callers.map((caller, index) => this.inviter(caller, replicas[index % replicas.length]!)),
      PAUSE_MS,
    );
  }

  get statuses(): string[] {
    return [...this.load.seen.keys()].map(String);
  }

  get slowestMs(): number {
    return this.load.slowestMs;
  }

  haveSucceededOnAll(since: number): boolean {
    return this.replicas.every((replica) =>
      this.successes.some((success) => success.replica === replica && success.at > since),
    );
  }

  async stop(): Promise<void> {
    await this.load.stop();
  }

  /** @param faultAt of performance.now() */
  figures(faultAt: number): Record<string, unknown> {
    const slowestMs = Object.fromEntries([...this.slowest].map(([status, ms]) => [status, Math.round(ms)]));
    return {
      responses: Object.fromEntries(this.load.seen),
      slowestMs,
      acknowledged: this.acknowledged.length,
      retries: { all: this.retries, mostOfOneRequest: this.mostRetries },
      noWriteForMs: {
        anybody: longestGap(this.successes, faultAt),
        worstOrganization: Math.max(
          ...this.groups('orgId').map((successes) => longestGap(successes, faultAt)),
        ),
        replicas: this.groups('replica').map((successes) => longestGap(successes, faultAt)),
      },
    };
  }

  private groups(by: 'orgId' | 'replica'): Success[][] {
    return Object.values(Object.groupBy(this.successes, (success) => success[by])) as Success[][];
  }

  private inviter({ headers, orgId }: Caller, replica: string): () => Promise<Outcome> {
    let next = newInvitation();
    let attempts = 0;
    return async () => {
      const outcome = await send(`${replica}/api/v1/orgs/current/members/batch`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': next.key },
        body: [{ email: next.email }],
      });
      this.note(outcome);
      if (outcome.status === 200) {
        const [{ id }] = JSON.parse(outcome.text) as [{ id: string }];
        this.acknowledged.push({ id, email: next.email });
        this.successes.push({ at: performance.now(), replica, orgId });
        next = newInvitation();
        attempts = 0;
      } else {
        this.retries++;
        this.mostRetries = Math.max(this.mostRetries, ++attempts);
        await pause(RETRY_AFTER_MS);
      }
      return outcome;
    };
  }

  private note({ status, ms, headers }: Outcome): void {
    this.slowest.set(status, Math.max(ms, this.slowest.get(status) ?? 0));
    if (status === 503) this.retryAfters.add(headers['retry-after']);
  }
}

const newInvitation = (): Invitation => ({ email: `${randomUUID()}@example.com`, key: randomUUID() });

/** The longest time between two successes that ends after `since`. */
function longestGap(successes: readonly Success[], since: number): number {
  const times = successes.map(({ at }) => at);
  const gaps = times.map((at, index) => (at > since && index > 0 ? at - times[index - 1]! : 0));
  return Math.round(Math.max(...gaps));
}
