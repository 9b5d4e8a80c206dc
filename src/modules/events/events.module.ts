import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { EventsController } from './events.controller.js';
import { EventsReadModel } from './events.read-model.js';
import { Horizon } from './horizon.js';
import { ListEvents } from './list-events.js';
import { WaitingRequests } from './waiting-requests.js';

@Module({
  imports: [AuditModule],
  controllers: [EventsController],
  providers: [Horizon, EventsReadModel, ListEvents, WaitingRequests],
  exports: [Horizon, EventsReadModel],
})
export class EventsModule {}
