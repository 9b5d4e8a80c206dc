import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../../common/background/batch-queue.js';
import { subscriberNetwork } from '../../../common/http/ip-address.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import { LoginNetworksRepository } from './login-networks.repository.js';

/** The network of a login, and which logins succeeded from it in the last 30 days. */
export type LoginOrigin = {
  /** An IPv4 address or an IPv6 /56 network; null if the address is not known. */
  readonly network: string | null;
  readonly hasRecentLogin: boolean;
  /** True if the account with the login's e-mail address logged in from this network. */
  readonly hasRecentLoginOfAccount: boolean;
  /** The keys that a success must write; empty if the last success is less than a day old. */
  readonly keysToRenew: readonly Buffer[];
};

type RecentSuccesses = ReadonlyMap<string, { readonly isDue: boolean }>;

/**
 * Networks with a recent successful login. A network is what one subscriber has: an IPv4 /24 is shared by strangers,
 * and the devices of one IPv6 subscriber use several /64 networks.
 */
@Injectable()
export class LoginNetworks {
  /** Concurrent logins share one connection of the pool. */
  private readonly lookUps = new BatchQueue<Buffer[], RecentSuccesses>(
    async (lookUps) => {
      const recent = await this.networks.findRecent(lookUps.flat());
      const successes = new Map(recent.map((row) => [row.key, row]));
      return lookUps.map(() => successes);
    },
    { retryEach: false },
  );

  constructor(
    private readonly networks: LoginNetworksRepository,
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

  /** Called after a login from this network has succeeded. */
  async remember({ keysToRenew }: LoginOrigin): Promise<void> {
    if (keysToRenew.length > 0) await this.networks.upsert(keysToRenew);
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
