export { AccessModule } from './access.module.js';
export { type ComparedRole, RightsBeyondUsers } from './rights-beyond-users.js';
