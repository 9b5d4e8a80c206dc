import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ScimTokenOnly } from '../scim-access.js';
import { Call, type ScimCall } from '../scim-call.js';
import { SCIM_ROOT } from '../scim-root.js';
import { RunBulk } from './run-bulk.js';

@Controller(`${SCIM_ROOT}/Bulk`)
@ScimTokenOnly()
export class BulkController {
  constructor(private readonly bulk: RunBulk) {}

  @Post()
  @HttpCode(200)
  run(@Call() call: ScimCall, @Body() body: unknown) {
    return this.bulk.run(call, body);
  }
}
