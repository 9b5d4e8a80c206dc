import { setTimeout as pause } from 'node:timers/promises';
import { ServerProcess } from '../support/server-process.js';

type Replica = { readonly server: ServerProcess; readonly url: string; inProgress: number };

/** The servers that get requests, each in turn, as behind a load balancer. */
export class Rotation {
  private readonly replicas: Replica[] = [];
  private readonly started: ServerProcess[] = [];
  private turn = 0;

  constructor(private readonly environment: Record<string, string>) {}

  /** Starts a server of the release in `root`, by default this one, and adds it once it listens. */
  async add(root?: string): Promise<void> {
    const server = new ServerProcess(this.environment, root === undefined ? {} : { root });
    this.started.push(server);
    const url = await server.ready();
    this.replicas.push({ server, url, inProgress: 0 });
  }

  /** Takes the oldest server out, lets it complete its requests, and stops it; returns its exit code. */
  async retireOldest(): Promise<number | string> {
    const replica = this.replicas.shift()!;
    while (replica.inProgress > 0) await pause(5);
    return replica.server.stop();
  }

  /** Sends a request to the next server. */
  async send<Outcome>(request: (url: string) => Promise<Outcome>): Promise<Outcome> {
    const replica = this.replicas[this.turn++ % this.replicas.length]!;
    replica.inProgress++;
    try {
      return await request(replica.url);
    } finally {
      replica.inProgress--;
    }
  }

  /** Also those that did not get ready. */
  async kill(): Promise<void> {
    for (const server of this.started) server.kill('SIGKILL');
    await Promise.all(this.started.map((server) => server.ended()));
  }
}
