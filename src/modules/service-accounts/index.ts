export { ServiceAccount } from './entities.js';
export { ServiceAccountsModule } from './service-accounts.module.js';
export { ServiceAccountsRepository } from './service-accounts.repository.js';
