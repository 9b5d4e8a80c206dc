export { EventsModule } from './events.module.js';
export { Horizon } from './horizon.js';
export { LogCursorsRepository } from './log-cursors.repository.js';
export { StoredSecrets } from './stored-secrets.js';
