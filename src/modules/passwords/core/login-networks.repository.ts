import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../../common/background/batch-queue.js';
import { subscriberNetwork } from '../../../common/http/network-addresses.js';
import { secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';

const RECENT_DAYS = 30;

const FIND_RECENT = named('login_networks_find_recent')`
  select encode(key, 'hex') as key, last_success_at < now() - interval '1 day' as "isDue" from login_networks
  where key = any($1) and last_success_at > now() - interval '${RECENT_DAYS} days'`;

/** In key order, so that concurrent logins do not deadlock. */
const UPSERT = named('login_networks_upsert')`
  insert into login_networks (key, last_success_at)
  select key, now() from unnest($1::bytea[]) as given (key) order by key
  on conflict (key) do update set last_success_at = excluded.last_success_at`;

const SWEEP = sweep('login_networks', {
  key: 'key',
  time: 'last_success_at',
  minutesLater: RECENT_DAYS * 24 * 60,
  limit: 1000,
});

export type LoginOrigin = {
  /** An IPv4 address or an IPv6 /56 network; null if the address is not known. */
  readonly network: string | null;
  readonly hasRecentLogin: boolean;
  /** True if the account with the login's e-mail address logged in from this network. */
  readonly hasRecentLoginOfAccount: boolean;
  /** The keys that a success must write; empty if the last success is less than a day old. */
  readonly keysToRenew: readonly Buffer[];
};

/** `key`: in hex. `isDue`: the next success should renew the row. */
type RecentSuccess = { readonly key: string; readonly isDue: boolean };

/** A network is what one subscriber has: strangers share an IPv4 /24, and one subscriber uses several IPv6 /64. */
@Injectable()
export class LoginNetworksRepository {
  /** Concurrent logins share one connection of the pool. */
  private readonly lookUps = new BatchQueue<Buffer[], ReadonlyMap<string, RecentSuccess>>(
    async (lookUps) => {
      const rows = await this.sql.rows<RecentSuccess>(FIND_RECENT, [lookUps.flat()]);
      const successes = new Map(rows.map((row) => [row.key, row]));
      return lookUps.map(() => successes);
    },
    { retryEach: false },
  );

  constructor(
    private readonly sql: Sql,
    private readonly config: Config,
  ) {}

  /** Runs one statement, the same for every e-mail address, whether or not there is an account. */
  async find(clientHost: string | null, email: string | null): Promise<LoginOrigin> {
    const network = subscriberNetwork(clientHost);
    if (network === null) return UNKNOWN_ORIGIN;
    const ofNetwork = this.key('network', network);
    const ofAccount = email === null ? [] : [this.key('account', `${email}\0${network}`)];
    const keys = [ofNetwork, ...ofAccount];
    const recent = await this.lookUps.enqueue('', keys);
    return {
      network,
      hasRecentLogin: recent.has(hex(ofNetwork)),
      hasRecentLoginOfAccount: ofAccount.some((key) => recent.has(hex(key))),
      keysToRenew: keys.filter((key) => recent.get(hex(key))?.isDue ?? true),
    };
  }

  /** Called after a login from this network has succeeded. Also deletes rows that are no longer recent. */
  async remember({ keysToRenew }: LoginOrigin): Promise<void> {
    if (keysToRenew.length === 0) return;
    await this.sql.affected(UPSERT, [keysToRenew]);
    await this.sql.affected(SWEEP, []);
  }

  private key(kind: 'network' | 'account', value: string): Buffer {
    return secretDigest(this.config.basicAuth.jwtSecret, `login ${kind}\0${value}`);
  }
}

const hex = (key: Buffer) => key.toString('hex');

const UNKNOWN_ORIGIN: LoginOrigin = {
  network: null,
  hasRecentLogin: false,
  hasRecentLoginOfAccount: false,
  keysToRenew: [],
};
