import { statfs } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidCredential } from '../../common/access/access.errors.js';
import { Drain } from '../../common/http/drain.js';
import { Config } from '../../config/config.js';
import { ReadinessProbe } from '../../database/connection/readiness-probe.js';
import { PrincipalLoader } from '../auth/authentication/index.js';
import { NotReady, ShuttingDown } from './errors.js';

@Injectable()
export class InstanceService {
  constructor(
    private readonly readiness: ReadinessProbe,
    private readonly principals: PrincipalLoader,
    private readonly config: Config,
    private readonly drain: Drain,
  ) {}

  /** Resolves within a second if requests may be sent here. @throws ShuttingDown, NotReady */
  async assertReady(): Promise<void> {
    this.drain.recordReadinessRequest();
    if (this.drain.hasBegun) throw new ShuttingDown();
    await this.assertDatabaseResponds();
  }

  /** Within a second, the milliseconds by which our clock is ahead of the database's. @throws NotReady */
  async assertDatabaseResponds(): Promise<number> {
    try {
      return await this.readiness.check();
    } catch (error) {
      throw new NotReady(error);
    }
  }

  /** Unless FF_INFO_ENDPOINT_AUTH_REQUIRED is set; SDKs then retry with their credential. @throws InvalidCredential */
  async assertMayReadInfo(request: FastifyRequest): Promise<void> {
    if (!this.config.flags.infoEndpointAuthRequired) return;
    if (!(await this.principals.isAuthenticated(request))) throw new InvalidCredential();
  }

  /** With password login, no organization can be created (docs/contract/organizations.md#founding-organizations). */
  get flags(): Config['flags'] {
    const { flags, sso } = this.config;
    return sso ? flags : { ...flags, orgCreationDisabled: true, personalOrgsDisabled: true };
  }

  /** From 0 to 1, of the disk of the embedded database, or of the working directory if the database is external. */
  async freeDiskShare(): Promise<number> {
    const { bavail, blocks } = await statfs(this.config.database.dataDirectory).catch(() => statfs('.'));
    return bavail / blocks;
  }
}
