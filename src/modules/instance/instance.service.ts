import { statfs } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidCredential } from '../../common/access/access.errors.js';
import { Config } from '../../config/config.js';
import type { FeatureFlags } from '../../config/feature-flags.js';
import { ReadinessProbe } from '../../database/readiness-probe.js';
import { IdentityProvider, PrincipalLoader } from '../auth/index.js';
import { NotReady } from './instance.errors.js';

@Injectable()
export class InstanceService {
  constructor(
    private readonly readiness: ReadinessProbe,
    private readonly principals: PrincipalLoader,
    private readonly provider: IdentityProvider,
    private readonly config: Config,
  ) {}

  /**
   * Within a second. Resolves with how far this process's clock is ahead of the database's, in milliseconds.
   *
   * @throws NotReady
   */
  async assertReady(): Promise<number> {
    try {
      return await this.readiness.check();
    } catch (error) {
      throw new NotReady(error);
    }
  }

  /** Public, unless FF_INFO_ENDPOINT_AUTH_REQUIRED: SDKs then ask again with their credential. */
  async assertMayReadInfo(request: FastifyRequest): Promise<void> {
    if (!this.config.flags.infoEndpointAuthRequired) return;
    if (!(await this.principals.isAuthenticated(request))) throw new InvalidCredential();
  }

  /** As they come out: with passwords nobody founds an organization, whatever is set (contract decision 50). */
  get flags(): FeatureFlags {
    const { flags, sso } = this.config;
    return sso ? flags : { ...flags, orgCreationDisabled: true, personalOrgsDisabled: true };
  }

  /** 0 to 1, of the disk that holds our data; where the database is elsewhere, of the one we run on. */
  async freeDiskShare(): Promise<number> {
    const { bavail, blocks } = await statfs(this.config.database.dataDirectory).catch(() => statfs('.'));
    return bavail / blocks;
  }

  /** Null without single sign-on. No reason to be unwell: keys and sessions work without the provider. */
  isProviderReachable(): boolean | null {
    return this.provider.isReachable();
  }
}
