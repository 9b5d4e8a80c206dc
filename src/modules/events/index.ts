export { entriesAfter, isStillThere } from './entries-after.statements.js';
export { EventsModule } from './events.module.js';
export { toActor, toEvent } from './from-entries/event.mapper.js';
export { type AuditEvent, eventsOf } from './from-entries/events-of.js';
export { EventsReadModel } from './events.read-model.js';
export { ONLY_BY_NAME } from './from-entries/happening.mapper.js';
export { type EntryAt, Horizon } from './horizon.js';
