export { ReceiversModule } from './receivers.module.js';
