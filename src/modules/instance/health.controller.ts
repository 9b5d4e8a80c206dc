import { Controller, Get } from '@nestjs/common';
import { Public } from '../../common/access/access-rule.decorator.js';
import { ApiExcludeController } from '../../common/http/swagger.decorator.js';
import { InstanceService } from './instance.service.js';

/** Liveness probe for orchestrators and load balancers. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly instance: InstanceService) {}

  /** Answers without a database: restarting the process would not repair the database. */
  @Get(['livez', 'health'])
  @Public()
  getLiveness() {
    return { status: 'ok' };
  }

  @Get(['readyz', 'ok'])
  @Public()
  async getReadiness() {
    await this.instance.assertReady();
    return { ok: true };
  }
}
