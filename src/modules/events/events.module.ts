import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { EventsController } from './events.controller.js';
import { EventsReadModel } from './events.read-model.js';
import { Horizon } from './horizon.js';
import { ListEvents } from './list-events.js';
import { LogCursorsRepository } from './log-cursors.repository.js';
import { StoredSecrets } from './stored-secrets.js';
import { WaitingRequests } from './waiting-requests.js';

/** What happens in an organization, for programs, and how far it was sent to each receiver. */
@Module({
  imports: [AuditModule],
  controllers: [EventsController],
  providers: [Horizon, EventsReadModel, ListEvents, LogCursorsRepository, StoredSecrets, WaitingRequests],
  exports: [Horizon, EventsReadModel, LogCursorsRepository, StoredSecrets],
})
export class EventsModule {}
