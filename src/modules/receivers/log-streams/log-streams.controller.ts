import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import { MakesCredential } from '../../../common/access/makes-credential.decorator.js';
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
import { type Described, type ReceiverChanges, ReceiversService } from '../core/receivers.service.js';
import { LOG_STREAM, type LogStreamTypes } from './log-stream-kind.js';
import { LogStreamSender } from './log-stream-sender.js';
import { type Headers, SendLines } from './send-lines.js';
import type { Attempt } from '../../../common/outbound/attempt.js';
import { toReceiver } from '../core/receiver.mapper.js';

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
  @MakesCredential('settings/log-streams')
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
  @MakesCredential('settings/log-streams', 'url', 'headers')
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

const fromCreateLogStream = (body: CreateLogStreamRequest, sending: SendLines) => ({
  url: body.url,
  description: body.description,
  ...sending.encrypt(body.headers as Headers),
  includeNames: body.include_names,
});

const fromUpdateLogStream = (
  body: UpdateLogStreamRequest,
  sending: SendLines,
): ReceiverChanges<LogStreamTypes> => {
  const { url, description, headers, include_names: includeNames, is_enabled: isEnabled } = body;
  const fields = {
    ...(url !== undefined && { url: { url } }),
    ...(description !== undefined && { description: { description } }),
    ...(headers && { headers: sending.encrypt(headers as Headers) }),
    ...(includeNames !== undefined && { include_names: { includeNames } }),
  };
  return { fields, isEnabled };
};

function toLogStream(described: Described<LogStreamTypes>, caller: OrgPrincipal): LogStream {
  const { receiver: stream } = described;
  return {
    ...toReceiver(described, caller),
    headers: stream.headerNames,
    include_names: stream.includeNames,
    disabled_reason: stream.disabledReason,
    lag_entries: stream.lagEntries,
    lag_seconds: stream.lagSeconds,
    missed_before: stream.missedBefore?.toISOString() ?? null,
    failures: stream.failures,
    last_attempt: stream.lastAttemptAt && {
      at: stream.lastAttemptAt.toISOString(),
      status: stream.lastStatus,
      code: stream.lastCode,
    },
    next_attempt_at: stream.nextAttemptAt?.toISOString() ?? null,
  };
}

const toLogStreamTest = ({ durationMs, status, code, response, outcome }: Attempt): LogStreamTest => ({
  succeeded: outcome === 'delivered',
  duration_ms: durationMs,
  status,
  code,
  response,
});
