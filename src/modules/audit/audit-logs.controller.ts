import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Returns } from '../../common/http/operations/operation.decorator.js';
import { ApiExcludeEndpoint, ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { linesReply } from '../../common/lists/list.reply.js';
import {
  AuditLogPeriod,
  ListAuditLogOperationsResponse,
  ListAuditLogs,
  ListAuditLogsOCSFResponse,
} from '../../contract/audit-logs.js';
import {
  fromAuditLogPeriod,
  fromListAuditLogs,
  toAuditLogOperations,
  toAuditLogPage,
} from './audit-log.mapper.js';
import { Audited } from './audited.decorator.js';
import { AuditLogsService } from './audit-logs.service.js';
import { toOcsf } from './ocsf.mapper.js';

@ApiTags('audit-logs')
@Controller('api/v1/audit-logs')
export class AuditLogsController {
  constructor(private readonly logs: AuditLogsService) {}

  @Get()
  @RequirePermission('organization:manage')
  @Audited('get_audit_logs')
  @Returns(ListAuditLogsOCSFResponse)
  async getAuditLogs(@CurrentPrincipal() principal: OrgPrincipal, @Query() query: ListAuditLogs) {
    return toAuditLogPage(await this.logs.list(principal, fromListAuditLogs(query)));
  }

  @Get('operations')
  @RequirePermission('organization:manage')
  @Returns(ListAuditLogOperationsResponse)
  listAuditLogOperations() {
    return toAuditLogOperations();
  }

  /** Not in the published API: a whole period as newline-delimited JSON, newest first. */
  @Get('export')
  @ApiExcludeEndpoint()
  @RequirePermission('organization:manage')
  @Audited('get_audit_logs')
  async exportAuditLogs(@CurrentPrincipal() principal: OrgPrincipal, @Query() query: AuditLogPeriod) {
    const entries = await this.logs.export(principal, fromAuditLogPeriod(query));
    return linesReply(entries.map(toOcsf), 'audit-log.ndjson');
  }
}
