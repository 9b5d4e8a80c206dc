import { setTimeout as pause } from 'node:timers/promises';
import type { ServerProcess } from '../support/server-process.js';
import { freePort } from '../support/free-port.js';
import type { FaultProxy } from '../faults/support/fault-proxy.js';
import { startServer } from '../faults/support/fault-server.js';
import { send } from '../faults/support/load.js';
import type { PostgresServer } from '../faults/support/postgres-server.js';
import { pick, type Random } from './random.js';

/** A server that keeps its address when it is started again. */
export class Replica {
  private server: ServerProcess | null = null;

  private constructor(
    readonly url: string,
    private readonly databaseUrl: string,
    private readonly environment: Record<string, string>,
  ) {}

  /** @param environment from its address */
  static async create(
    databaseUrl: string,
    environment: (url: string) => Promise<Record<string, string>> | Record<string, string>,
  ): Promise<Replica> {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const replica = new Replica(url, databaseUrl, { ...(await environment(url)), PORT: port });
    await replica.start();
    return replica;
  }

  get pid(): number | undefined {
    return this.server?.pid;
  }

  async start(): Promise<void> {
    this.server = startServer(this.databaseUrl, this.environment);
    await this.server.ready();
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.kill(signal);
    await server?.ended();
  }

  readonly isReady = async () => (await send(`${this.url}/readyz`, { timeoutMs: 5000 })).status === 200;
}

/** Times are those of `performance.now()`. `to` is infinite while the fault lasts. */
type Window = { readonly name: string; readonly from: number; to: number };

export type Places = {
  /** The second one runs all the time, so that its memory shows whether it grows. */
  readonly replicas: readonly [Replica, Replica, ...Replica[]];
  readonly postgres: PostgresServer;
  /** Between the second replica and PostgreSQL. */
  readonly proxy: FaultProxy;
};

const HOLD_MS = 3000;
/** After a fault, until clients have to be served without 503: what still waits for a lost connection fails until then. */
const RECOVERY_MS = 2000;

const restart = async (replica: Replica, signal: NodeJS.Signals) => {
  await replica.end(signal);
  await replica.start();
};

/** Those of the fault suite that need no other programs. Each resolves when its cause has gone. */
const FAULTS: Readonly<Record<string, (places: Places) => Promise<unknown>>> = {
  'kill a server': ({ replicas: [first] }) => restart(first, 'SIGKILL'),
  'restart a server': ({ replicas: [first] }) => restart(first, 'SIGTERM'),
  'restart PostgreSQL': ({ postgres }) => postgres.restart('SIGINT'),
  'crash PostgreSQL': ({ postgres }) => postgres.restart('SIGQUIT'),
  'freeze PostgreSQL': async ({ postgres }) => {
    postgres.freeze('SIGSTOP');
    await pause(HOLD_MS);
    postgres.freeze('SIGCONT');
  },
  'end connections': ({ postgres }) =>
    postgres.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name like 'tenantry%' and random() < 0.5`,
    ),
  'cut a server off': async ({ proxy }) => {
    proxy.silence();
    await pause(HOLD_MS);
    proxy.speak();
  },
};

/** Faults, one after the other. */
export class Faults {
  readonly windows: Window[] = [];

  constructor(
    private readonly places: Places,
    private readonly random: Random,
  ) {}

  get isActive(): boolean {
    return this.windows.at(-1)?.to === Infinity;
  }

  /** Whether a fault, or the recovery from it, was at any moment of this time. */
  within(from: number, to: number): boolean {
    return this.windows.some((window) => window.from <= to && from <= window.to);
  }

  /** Begins each of them in turn at random times, until the signal is aborted and the last one is over. */
  async run(longestPauseMs: number, stop: AbortSignal): Promise<void> {
    for (;;) {
      const pauseMs = longestPauseMs * (0.3 + 0.7 * this.random());
      await pause(pauseMs, undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) return;
      await this.cause(pick(Object.keys(FAULTS), this.random));
    }
  }

  private async cause(name: string): Promise<void> {
    const window: Window = { name, from: performance.now(), to: Infinity };
    this.windows.push(window);
    await FAULTS[name]?.(this.places);
    await this.untilReady();
    await pause(RECOVERY_MS);
    window.to = performance.now();
  }

  /** Every server, three times in a row. */
  private async untilReady(): Promise<void> {
    for (let times = 0; times < 3; await pause(100)) {
      const ready = await Promise.all(this.places.replicas.map(({ isReady }) => isReady()));
      times = ready.every(Boolean) ? times + 1 : 0;
    }
  }
}
