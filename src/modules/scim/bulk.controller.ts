import { Body, HttpCode, Post } from '@nestjs/common';
import { CurrentScimRequest, type ScimRequest, ScimController } from './http/scim.guard.js';
import { RunBulk } from './run-bulk.js';

@ScimController('/Bulk')
export class BulkController {
  constructor(private readonly bulk: RunBulk) {}

  @Post()
  @HttpCode(200)
  run(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    return this.bulk.run(request, body);
  }
}
