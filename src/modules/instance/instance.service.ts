import { statfs } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidCredential } from '../../common/access/access.errors.js';
import { defaultsOf } from '../../common/http/fields.js';
import { Config } from '../../config/config.js';
import { instanceFlags } from '../../config/feature-flags.js';
import { BatchIngestConfig } from '../../contract/info.js';
import { Sql } from '../../database/sql.js';
import { version } from '../../version.js';
import { PrincipalLoader } from '../auth/index.js';

const ANSWERS = { name: 'instance_answers', text: 'select 1' };

@Injectable()
export class InstanceService {
  constructor(
    private readonly sql: Sql,
    private readonly principals: PrincipalLoader,
    private readonly config: Config,
  ) {}

  async assertReady(): Promise<void> {
    await this.sql.row(ANSWERS, []);
  }

  /** Public, unless FF_INFO_ENDPOINT_AUTH_REQUIRED: SDKs then ask again with their credential. */
  async assertMayReadInfo(request: FastifyRequest): Promise<void> {
    if (!this.config.flags.infoEndpointAuthRequired) return;
    if (!(await this.principals.isRecognised(request))) throw new InvalidCredential();
  }

  info() {
    return {
      version,
      batch_ingest_config: defaultsOf(BatchIngestConfig),
      instance_flags: instanceFlags(this.config.flags),
    };
  }

  /** Clients require the field; without ClickHouse it tells of the disk that holds our data. */
  async health() {
    const { bavail, blocks } = await statfs(this.config.database.dataDirectory).catch(() => statfs('.'));
    return { clickhouse_disk_free_pct: Math.round((bavail / blocks) * 10_000) / 100 };
  }
}
