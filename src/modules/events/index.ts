export { entriesAfter, EventsReadModel, isStillThere } from './events.read-model.js';
export { EventsModule } from './events.module.js';
export { toActor, toEvent } from './from-entries/event.mapper.js';
export { type AuditEvent, eventsOf } from './from-entries/events-of.js';
export { ONLY_BY_NAME } from './from-entries/happening-builders.mapper.js';
export { type EntryAt, Horizon } from './horizon.js';
