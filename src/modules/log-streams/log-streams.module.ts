import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { EventsModule } from '../events/index.js';
import { LogStreamsJob } from './log-streams.job.js';
import { EndCreatedLogStreams } from './end-created-log-streams.js';
import { LoadBatch } from './load-batch.js';
import { LogStreamsController } from './log-streams.controller.js';
import { LogStreamsRepository } from './log-streams.repository.js';
import { LogStreamsService } from './log-streams.service.js';
import { SendBatch } from './send-batch.js';
import { SendLines } from './send-lines.js';
import { StoredHeaders } from './stored-headers.js';
import { TestLogStream } from './test-log-stream.js';

/** Sends the audit log of an organization to receivers of its choice. */
@Module({
  imports: [AuditModule, ApiKeysModule, EventsModule],
  controllers: [LogStreamsController],
  providers: [
    LogStreamsRepository,
    LogStreamsService,
    EndCreatedLogStreams,
    LoadBatch,
    SendBatch,
    SendLines,
    LogStreamsJob,
    StoredHeaders,
    TestLogStream,
  ],
})
export class LogStreamsModule {}
