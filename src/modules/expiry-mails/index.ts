export { ExpiryMailsModule } from './expiry-mails.module.js';
