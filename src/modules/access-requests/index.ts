export { AccessRequestsModule } from './access-requests.module.js';
export { AccessRequestsService } from './access-requests.service.js';
