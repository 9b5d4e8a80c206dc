export { LastingRightsModule } from './lasting-rights.module.js';
