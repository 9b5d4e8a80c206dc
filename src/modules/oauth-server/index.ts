export { artifactDigest } from './core/artifact-digest.js';
export { OauthServerModule } from './oauth-server.module.js';
