export { BasicMembersModule } from './basic-members.module.js';
