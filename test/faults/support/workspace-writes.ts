import { type Outcome, send } from './load.js';

type Headers = Record<string, string>;

/** Requests of a load test that create workspaces and read roles, with the names that the server has acknowledged. */
export class WorkspaceWrites {
  readonly acknowledged: string[] = [];
  private names = 0;

  /** @param url of the server, without a slash at the end */
  constructor(private readonly url: string) {}

  write = async (headers: Headers): Promise<Outcome> => {
    const name = `W ${++this.names}`;
    const body = { display_name: name };
    const outcome = await send(`${this.url}/api/v1/workspaces`, { method: 'POST', headers, body });
    if (outcome.status === 200) this.acknowledged.push(name);
    return outcome;
  };

  read = (headers: Headers): Promise<Outcome> => send(`${this.url}/api/v1/orgs/current/roles`, { headers });

  /** The acknowledged names that are not among the stored ones. */
  findLost(stored: readonly string[]): string[] {
    const kept = new Set(stored);
    return this.acknowledged.filter((name) => !kept.has(name));
  }
}
