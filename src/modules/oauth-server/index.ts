export { artifactDigest } from './core/artifacts.repository.js';
export type { MemberGrant } from './core/grants.repository.js';
export { MemberGrants } from './grants/member-grants.js';
export { GrantsModule, OauthServerModule } from './oauth-server.module.js';
