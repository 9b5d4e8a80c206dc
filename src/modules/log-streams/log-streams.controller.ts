import { Body, Controller, Delete, Get, HttpStatus, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Refuses, Returns, ReturnsNothing } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { CursorList } from '../../common/lists/cursor-list.js';
import { Outbound } from '../../common/outbound/outbound.js';
import {
  CreateLogStreamRequest,
  LogStream,
  LogStreamPage,
  LogStreamsQuery,
  LogStreamTest,
  UpdateLogStreamRequest,
} from '../../contract/audit-log/log-streams.js';
import { Audited } from '../audit/index.js';
import { OrgAdminsOnly } from '../roles/index.js';
import { OnlyAdminsManageLogStreams } from './errors.js';
import {
  fromCreateLogStream,
  fromUpdateLogStream,
  toLogStream,
  toLogStreamTest,
} from './log-stream.mapper.js';
import { LogStreamsService } from './log-streams.service.js';
import { TestLogStream } from './test-log-stream.js';

/** Not in the published API. */
@ApiTags('audit-logs')
@Controller('api/v1/orgs/current/log-streams')
export class LogStreamsController {
  constructor(
    private readonly streams: LogStreamsService,
    private readonly tests: TestLogStream,
    private readonly outbound: Outbound,
  ) {}

  @Get()
  @RequirePermission('organization:manage')
  @Returns(LogStreamPage)
  async listLogStreams(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { limit, cursor }: LogStreamsQuery,
  ): Promise<LogStreamPage> {
    const { orgId } = principal;
    const page = new CursorList({ page_size: limit, cursor }, ['log-streams', orgId]);
    const rows = await this.streams.list(orgId, { before: page.after?.id ?? null, limit: page.limit });
    return page.page(
      rows,
      ({ stream: { id } }) => ({ key: '', id }),
      (row) => toLogStream(row, principal),
    );
  }

  @Post()
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageLogStreams)
  @Audited('create_log_stream')
  @Returns(LogStream, HttpStatus.CREATED)
  @Refuses('secret_replaced', 'too_many_log_streams')
  async createLogStream(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: CreateLogStreamRequest) {
    const input = fromCreateLogStream(body, this.outbound);
    return toLogStream(await this.streams.create(principal, input), principal);
  }

  @Get(':log_stream_id')
  @RequirePermission('organization:manage')
  @Returns(LogStream)
  @Refuses('log_stream_not_found')
  async getLogStream(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('log_stream_id') id: string) {
    return toLogStream(await this.streams.get(principal.orgId, id), principal);
  }

  @Patch(':log_stream_id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageLogStreams)
  @Audited('update_log_stream')
  @Returns(LogStream)
  @Refuses('log_stream_headers_needed', 'log_stream_not_found')
  async updateLogStream(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('log_stream_id') id: string,
    @Body() body: UpdateLogStreamRequest,
  ) {
    const changes = fromUpdateLogStream(body, this.outbound);
    return toLogStream(await this.streams.update(principal, id, changes), principal);
  }

  @Delete(':log_stream_id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageLogStreams)
  @Audited('delete_log_stream')
  @ReturnsNothing()
  @Refuses('log_stream_not_found')
  async deleteLogStream(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('log_stream_id') id: string,
  ): Promise<void> {
    await this.streams.remove(principal, id);
  }

  @Post(':log_stream_id/test')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageLogStreams)
  @Audited('test_log_stream')
  @Returns(LogStreamTest)
  @Refuses('log_stream_not_found', 'no_connection_for_test')
  async testLogStream(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('log_stream_id') id: string) {
    return toLogStreamTest(await this.tests.run(principal, id));
  }
}
