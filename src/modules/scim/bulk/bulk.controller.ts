import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ScimTokenOnly } from '../http/scim-token-only.decorator.js';
import { CurrentScimRequest, type ScimRequest } from '../http/scim-request.decorator.js';
import { SCIM_ROOT } from '../http/scim-root.js';
import { RunBulk } from './run-bulk.js';

@Controller(`${SCIM_ROOT}/Bulk`)
@ScimTokenOnly()
export class BulkController {
  constructor(private readonly bulk: RunBulk) {}

  @Post()
  @HttpCode(200)
  run(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    return this.bulk.run(request, body);
  }
}
