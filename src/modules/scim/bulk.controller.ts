import { Body, HttpCode, Post } from '@nestjs/common';
import { RevokesAccess } from '../../common/access/revokes-access.decorator.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from './http/scim.guard.js';
import { RunBulk } from './run-bulk.js';

@ScimController('/Bulk')
export class BulkController {
  constructor(private readonly bulk: RunBulk) {}

  @Post()
  @RevokesAccess()
  @HttpCode(200)
  run(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    return this.bulk.run(request, body);
  }
}
