import { Body, Controller, Delete, Get, HttpStatus, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Refuses, Returns, ReturnsNothing } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import {
  CreateLogStreamRequest,
  LogStream,
  LogStreamPage,
  LogStreamTest,
  UpdateLogStreamRequest,
} from '../../../contract/audit-log/log-streams.js';
import { ReceiversQuery } from '../../../contract/audit-log/receivers.js';
import { Audited } from '../../audit/index.js';
import { OrgAdminsOnly } from '../../roles/index.js';
import { OnlyAdminsManageLogStreams } from '../core/errors.js';
import { ReceiverBodyPipe } from '../core/receiver-body.pipe.js';
import { ReceiversService } from '../core/receivers.service.js';
import { LOG_STREAM } from './log-stream-kind.js';
import { LogStreamSender } from './log-stream-sender.js';
import {
  fromCreateLogStream,
  fromUpdateLogStream,
  toLogStream,
  toLogStreamTest,
} from './log-stream.mapper.js';
import { SendLines } from './send-lines.js';

/** Not in the published API. */
@ApiTags('audit-logs')
@Controller('api/v1/orgs/current/log-streams')
export class LogStreamsController {
  constructor(
    private readonly receivers: ReceiversService,
    private readonly sender: LogStreamSender,
    private readonly sending: SendLines,
  ) {}

  @Get()
  @RequirePermission('organization:manage')
  @Returns(LogStreamPage)
  listLogStreams(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: ReceiversQuery,
  ): Promise<LogStreamPage> {
    return this.receivers.page(LOG_STREAM, principal.orgId, query, (row) => toLogStream(row, principal));
  }

  @Post()
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageLogStreams)
  @Audited('create_log_stream')
  @Returns(LogStream, HttpStatus.CREATED)
  @Refuses('secret_replaced', 'too_many_log_streams')
  async createLogStream(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(ReceiverBodyPipe) body: CreateLogStreamRequest,
  ) {
    const fields = fromCreateLogStream(body, this.sending);
    return toLogStream(await this.receivers.create(LOG_STREAM, principal, fields), principal);
  }

  @Get(':log_stream_id')
  @RequirePermission('organization:manage')
  @Returns(LogStream)
  @Refuses('log_stream_not_found')
  async getLogStream(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('log_stream_id') id: string) {
    return toLogStream(await this.receivers.get(LOG_STREAM, principal.orgId, id), principal);
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
    @Body(ReceiverBodyPipe) body: UpdateLogStreamRequest,
  ) {
    const changes = fromUpdateLogStream(body, this.sending);
    return toLogStream(await this.receivers.update(LOG_STREAM, principal, id, changes), principal);
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
    await this.receivers.remove(LOG_STREAM, principal, id);
  }

  @Post(':log_stream_id/test')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageLogStreams)
  @Audited('test_log_stream')
  @Returns(LogStreamTest)
  @Refuses('log_stream_not_found', 'no_connection_for_test')
  async testLogStream(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('log_stream_id') id: string) {
    return toLogStreamTest(await this.sender.test(principal, id));
  }
}
