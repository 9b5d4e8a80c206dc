import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../../common/background/batch-queue.js';
import { subscriberNetwork } from '../../../common/http/ip-address.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import { LoginNetworksRepository } from './login-networks.repository.js';

/** Where a login comes from, and which logins succeeded there in the last 30 days. */
export type LoginOrigin = {
  /** An IPv4 address or an IPv6 network of 56 bits; null when the address is not known. */
  readonly network: string | null;
  readonly hasRecentLogin: boolean;
  /** Of the account with the e-mail address that the login names. */
  readonly hasRecentLoginOfAccount: boolean;
  /** What a success of this login has to write; empty while the last success is from today. */
  readonly keysToRenew: readonly Buffer[];
};

type RecentSuccesses = ReadonlyMap<string, { readonly isDue: boolean }>;

/**
 * Networks with a recent successful login. A network is what one subscriber has: the other addresses of an IPv4 /24 belong
 * to strangers, and the devices of one IPv6 subscriber are spread over several /64.
 */
@Injectable()
export class LoginNetworks {
  /** Logins at once take one connection of the pool together. */
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

  /** One statement, the same for every e-mail address, whether or not there is an account. */
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

  /** After a login from there succeeded. */
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
