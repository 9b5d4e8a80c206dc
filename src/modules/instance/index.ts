export { Bootstrap, type FirstAdmin } from './bootstrap.js';
export { InstanceModule } from './instance.module.js';
