export { ScimErrorFormat } from './scim-error-format.js';
export { ScimModule } from './scim.module.js';
