import { Controller, Get } from '@nestjs/common';
import { Public } from '../../common/access/access.decorator.js';
import { ApiExcludeController } from '../../common/http/operations/swagger.decorator.js';
import { InstanceService } from './instance.service.js';

/** Probes for orchestrators and load balancers (docs/contract/http.md#probes-and-metrics). */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly instance: InstanceService) {}

  /** Responds without a database: restarting the process would not repair the database. */
  @Get(['livez', 'health', 'healthz'])
  @Public()
  getLiveness() {
    return { status: 'ok' };
  }

  /** Migrations and bootstrap have ended: the server does not listen before. */
  @Get('startupz')
  @Public()
  getStartup() {
    return { status: 'ok' };
  }

  @Get(['readyz', 'ok'])
  @Public()
  async getReadiness() {
    await this.instance.assertReady();
    return { ok: true };
  }
}
