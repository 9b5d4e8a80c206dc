import { Controller, Get, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../common/access/access.decorator.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiExcludeEndpoint, ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { HealthInfoGetResponse, InfoGetResponse } from '../../contract/info.js';
import { IdentityProvider } from '../auth/oidc/index.js';
import { toHealth, toHealthDetails, toInfo } from './instance.mapper.js';
import { InstanceService } from './instance.service.js';

@Controller('api/v1')
export class InstanceController {
  private readonly info: string;

  constructor(
    private readonly instance: InstanceService,
    private readonly provider: IdentityProvider,
  ) {
    this.info = JSON.stringify(toInfo(instance.flags));
  }

  /** Migrations have run before the server listens. */
  @Get('ok')
  @Public('anything')
  @Refuses('not_ready')
  async ok() {
    await this.instance.assertReady();
    return { ok: true };
  }

  @Get('info')
  @ApiTags('info')
  @Public(InfoGetResponse)
  @Header('content-type', 'application/json; charset=utf-8')
  @Refuses('invalid_credential')
  async getServerInfo(@Req() request: FastifyRequest) {
    await this.instance.assertMayReadInfo(request);
    return this.info;
  }

  /** An unreachable provider does not make the server unhealthy: keys and sessions work without it. */
  @Get('info/health')
  @ApiTags('info')
  @Public(HealthInfoGetResponse)
  async getHealthInfo() {
    return toHealth(await this.instance.freeDiskShare(), this.provider.isReachable());
  }

  /** Clients call these routes (docs/contract/http.md#routes-beyond-the-published-description). */
  @Get('')
  @ApiExcludeEndpoint()
  @Public()
  async getRoot() {
    await this.instance.assertDatabaseResponds();
    return { status: 'ok' };
  }

  @Get('health')
  @ApiExcludeEndpoint()
  @Public()
  async getHealth() {
    return toHealthDetails(await this.instance.assertDatabaseResponds());
  }
}
