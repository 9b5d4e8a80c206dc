export { LogStreamsModule } from './log-streams.module.js';
