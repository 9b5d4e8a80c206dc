export { EventsModule } from './events.module.js';
export { EventsReadModel } from './events.read-model.js';
export { Horizon } from './horizon.js';
export { type LogClaim, LogCursorsRepository } from './log-cursors.repository.js';
export { StoredSecrets } from './stored-secrets.js';
