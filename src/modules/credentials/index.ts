export { CredentialsModule } from './credentials.module.js';
export { ListCredentials } from './list-credentials.js';
