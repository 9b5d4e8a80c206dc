export { ScimErrors } from './scim-errors.js';
export { ScimModule } from './scim.module.js';
