export { MemberSessionsModule } from './member-sessions.module.js';
