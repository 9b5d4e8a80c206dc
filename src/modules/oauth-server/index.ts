export { OauthServerModule } from './oauth-server.module.js';
