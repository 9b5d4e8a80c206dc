export { Horizon } from './horizon.js';
export { EventsModule } from './events.module.js';
