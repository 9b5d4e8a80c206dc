export { Bootstrap } from './bootstrap.js';
export type { FirstAdmin } from './create-default-organization.js';
export { InstanceModule } from './instance.module.js';
