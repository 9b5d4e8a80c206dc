export { AuthzenModule } from './authzen.module.js';
export { echoRequestId } from './request-id.js';
