import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import {
  CreateLogStreamRequest,
  LogStream,
  LogStreamPage,
  LogStreamTest,
  UpdateLogStreamRequest,
} from '../../../contract/audit-log/log-streams.js';
import { LimitedListQuery } from '../../../contract/lists.js';
import { adminsOnly } from '../../roles/index.js';
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
  @OrgQuery('organization:manage', LogStreamPage)
  listLogStreams(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: LimitedListQuery,
  ): Promise<LogStreamPage> {
    return this.receivers.page(LOG_STREAM, principal.orgId, query, (row) => toLogStream(row, principal));
  }

  @Post()
  @OrgCommand(adminsOnly(OnlyAdminsManageLogStreams), 'create_log_stream', LogStream, { status: 201 })
  @Refuses('secret_replaced', 'too_many_log_streams')
  async createLogStream(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(ReceiverBodyPipe) body: CreateLogStreamRequest,
  ) {
    const fields = fromCreateLogStream(body, this.sending);
    return toLogStream(await this.receivers.create(LOG_STREAM, principal, fields), principal);
  }

  @Get(':log_stream_id')
  @OrgQuery('organization:manage', LogStream)
  @Refuses('log_stream_not_found')
  async getLogStream(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('log_stream_id') id: string) {
    return toLogStream(await this.receivers.get(LOG_STREAM, principal.orgId, id), principal);
  }

  @Patch(':log_stream_id')
  @OrgCommand(adminsOnly(OnlyAdminsManageLogStreams), 'update_log_stream', LogStream)
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
  @OrgCommand(adminsOnly(OnlyAdminsManageLogStreams), 'delete_log_stream', 'nothing')
  @Refuses('log_stream_not_found')
  async deleteLogStream(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('log_stream_id') id: string,
  ): Promise<void> {
    await this.receivers.remove(LOG_STREAM, principal, id);
  }

  @Post(':log_stream_id/test')
  @OrgCommand(adminsOnly(OnlyAdminsManageLogStreams), 'test_log_stream', LogStreamTest)
  @Refuses('log_stream_not_found', 'no_connection_for_test')
  async testLogStream(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('log_stream_id') id: string) {
    return toLogStreamTest(await this.sender.test(principal, id));
  }
}
