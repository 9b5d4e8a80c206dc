export { artifactDigest } from './core/artifacts.repository.js';
export { OauthServerModule } from './oauth-server.module.js';
