export { entriesAfter } from './entries-after.statements.js';
export { EventsModule } from './events.module.js';
export { toEvent } from './event.mapper.js';
export { type AuditEvent, eventsOf } from './events-of.js';
export { EventsReadModel } from './events.read-model.js';
export { ONLY_BY_NAME } from './happening.mapper.js';
export { Horizon } from './horizon.js';
export { type LogClaim, LogCursorsRepository } from './log-cursors.repository.js';
export { StoredSecrets } from './stored-secrets.js';
