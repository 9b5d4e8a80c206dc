export { ScimErrorFormat } from './http/errors.js';
export { ScimModule } from './scim.module.js';
export { type ListedScimToken, ScimTokensService } from './tokens/scim-tokens.service.js';
