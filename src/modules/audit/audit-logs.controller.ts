import { isIP } from 'node:net';
import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { toInstant } from '../../common/http/operations/instant.js';
import { Audited } from '../../common/http/operations/operation.decorator.js';
import { ApiExcludeEndpoint, ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { UUID } from '../../common/http/operations/value-checks.js';
import { linesReply } from '../../common/lists/list.reply.js';
import { AUDIT_LOG_OPERATIONS } from '../../contract/audit-log/audit-log-operations.js';
import {
  AuditLogPeriod,
  ListAuditLogOperationsResponse,
  ListAuditLogs,
  ListAuditLogsOCSFResponse,
} from '../../contract/audit-log/audit-logs.js';
import { fromCursor, toCursor } from './audit-log-cursor.js';
import { type AuditLogQuery, AuditLogsService } from './audit-logs.service.js';
import type { AuditPeriod } from './entries/audit-entries.repository.js';
import { AUDIT_OPERATIONS } from '../../common/http/operations/audit-operations.js';

@ApiTags('audit-logs')
@Controller('api/v1/audit-logs')
export class AuditLogsController {
  constructor(private readonly logs: AuditLogsService) {}

  @Get()
  @OrgQuery('organization:manage', ListAuditLogsOCSFResponse)
  @Audited('get_audit_logs')
  async getAuditLogs(@CurrentPrincipal() principal: OrgPrincipal, @Query() query: ListAuditLogs) {
    const { items, next } = await this.logs.list(principal, fromListAuditLogs(query));
    return { cursor: next && toCursor(next), items };
  }

  @Get('operations')
  @OrgQuery('organization:manage', ListAuditLogOperationsResponse)
  listAuditLogOperations() {
    return { operations: WRITTEN_OPERATIONS };
  }

  /** Not in the published API: a whole period as newline-delimited JSON, newest first. */
  @Get('export')
  @ApiExcludeEndpoint()
  @OrgQuery('organization:manage')
  @Audited('get_audit_logs')
  async exportAuditLogs(@CurrentPrincipal() principal: OrgPrincipal, @Query() query: AuditLogPeriod) {
    const lines = await this.logs.export(principal, fromAuditLogPeriod(query));
    return linesReply(lines, 'audit-log.ndjson');
  }
}

/** Unknown operations and resources are not refused and select nothing (docs/contract/audit.md#reading). */
const fromListAuditLogs = (query: ListAuditLogs): AuditLogQuery => ({
  ...fromAuditLogPeriod(query),
  limit: query.limit,
  after: query.cursor ? fromCursor(query.cursor) : null,
  workspaceId: query.workspace_id ?? null,
  operations: query.operations?.filter(isOperation) ?? null,
  userIds: query.actor_ls_user_ids ?? null,
  apiKeyIds: query.actor_api_key_ids ?? null,
  resourceIds: query.resource_ids?.map((id) => id.toLowerCase()).filter((id) => UUID.test(id)) ?? null,
  clientHosts: query.client_hosts ? assertAddresses(query.client_hosts) : null,
});

/** @throws ValidationFailed */
function assertAddresses(hosts: readonly string[]): readonly string[] {
  const problems = hosts.flatMap((host, index) => (isAddress(host) ? [] : notAnAddress(index)));
  if (problems.length > 0) throw new ValidationFailed(problems);
  return hosts;
}

/** Without a zone, which PostgreSQL does not store. */
const isAddress = (host: string) => isIP(host) !== 0 && !host.includes('%');

const notAnAddress = (index: number) => ({
  loc: ['query', 'client_hosts', index],
  msg: 'Input should be an IPv4 or IPv6 address',
  type: 'value_error',
});

const isOperation = (name: string) => (AUDIT_LOG_OPERATIONS as readonly string[]).includes(name);

/** What this server can write, in the order of the published list (docs/contract/audit.md#operations). */
const WRITTEN_OPERATIONS = AUDIT_LOG_OPERATIONS.filter((name) =>
  (AUDIT_OPERATIONS as readonly string[]).includes(name),
);

const fromAuditLogPeriod = ({ start_time, end_time }: AuditLogPeriod): AuditPeriod => ({
  from: toInstant(start_time),
  to: toInstant(end_time),
});
