import { setTimeout as pause } from 'node:timers/promises';
import { send } from '../faults/support/load.js';
import type { Call, Json, Request } from '../upgrade/traffic.js';
import type { Faults, Replica } from './faults.js';
import { pick, type Random } from './random.js';

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const LONGEST_PAUSE_MS = 3000;

/** The response is not the expected one; the scenario ends, and what it has changed last is unknown. */
class Interrupted extends Error {}

type Figures = { count: number; inFaults: number; slowestMs: number };

/** Clients that repeat scenarios, each request at a server of its own. Only a fault excuses a 503 or a cut connection. */
export class Clients {
  /** By the kind of the request. `slowestMs` outside of faults. */
  readonly requests = new Map<string, Figures>();
  /** What no fault excuses, with `…` for ids. */
  readonly failures = new Map<string, number>();

  constructor(
    private readonly replicas: readonly Replica[],
    private readonly faults: Faults,
    private readonly random: Random,
  ) {}

  /** Repeats a scenario that is chosen at random each time, until the signal is aborted. */
  async repeat(scenarios: readonly ((call: Call) => Promise<void>)[], stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await pause(this.random() * LONGEST_PAUSE_MS);
      await pick(
        scenarios,
        this.random,
      )(this.call).catch((error: unknown) => {
        if (error instanceof Interrupted) return;
        this.fail(`the scenario failed: ${String(error)}`);
      });
    }
  }

  /** For what has to succeed, before there are faults. */
  readonly call: Call = async (request) => {
    for (;;) {
      const begun = performance.now();
      const url = `${pick(this.replicas, this.random).url}${request.path}`;
      const { method = 'GET', headers, body, status: expected = 200 } = request;
      const { status, text } = await send(url, { method, headers: headers ?? {}, body, timeoutMs: 60_000 });
      const isInFault = this.faults.within(begun, performance.now());
      this.count(request, performance.now() - begun, isInFault);
      if (status === expected) return parsed(text);
      if (!isInFault || !(status === 503 || status === 'cut')) {
        this.fail(`${method} ${request.path} ${status}, not ${expected}: ${text.slice(0, 300)}`);
        throw new Interrupted();
      }
      if (request.headers?.['idempotency-key'] === undefined) throw new Interrupted();
      while (this.faults.isActive) await pause(50); // then it is sent again
    }
  };

  /** Something else than a request. @param work returns what was wrong, beginning with a status, or null */
  async attempt(kind: string, work: () => Promise<string | null>): Promise<void> {
    const begun = performance.now();
    const flaw = await work().catch((error: Error) =>
      'code' in error ? `cut: ${error.message}` : String(error),
    );
    const isInFault = this.faults.within(begun, performance.now());
    this.count({ kind, path: '' }, performance.now() - begun, isInFault);
    if (flaw !== null && !(isInFault && /^(?:503|cut)/.test(flaw))) this.fail(`${kind}: ${flaw}`);
  }

  /** Counts something that should not be, once for each text. */
  fail(description: string): void {
    const key = description.replace(UUID, '…');
    this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
  }

  private count({ kind }: Request, ms: number, isInFault: boolean): void {
    const figures = this.requests.get(kind) ?? { count: 0, inFaults: 0, slowestMs: 0 };
    figures.count++;
    if (isInFault) figures.inFaults++;
    else figures.slowestMs = Math.max(figures.slowestMs, Math.round(ms));
    this.requests.set(kind, figures);
  }
}

const parsed = (text: string): Json => (text === '' ? null : JSON.parse(text));
