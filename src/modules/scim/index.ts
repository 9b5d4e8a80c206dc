export { GroupsOfMembersService, type MemberGroup } from './groups/groups-of-members.service.js';
export { ScimErrorFormat } from './scim-error-format.js';
export { ScimModule } from './scim.module.js';
