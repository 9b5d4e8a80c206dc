import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../../common/access/access-rule.decorator.js';
import { ApiExcludeController } from '../../common/http/swagger.decorator.js';
import { MetricsService } from './metrics.service.js';

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read() {
    return this.metrics.read();
  }
}
