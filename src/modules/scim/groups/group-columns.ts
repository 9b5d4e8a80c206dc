import { GROUP_SHAPE, TENANTRY_GROUP_URN } from '../protocol/schemas.js';
import type { Columns } from '../query/columns.js';
import { metaColumns } from '../query/resource-columns.js';

/** The attributes that groups can be filtered by: all but what a group grants. `g` is the group. */
export const GROUP_COLUMNS: Columns = {
  ...metaColumns('g', {
    resourceType: 'Group',
    endpoint: '/Groups/',
    schemas: `array['${GROUP_SHAPE.core.id}', '${TENANTRY_GROUP_URN}']`,
  }),
  displayName: { kind: 'text', sql: 'g.display_name', isUnique: true },
  members: {
    kind: 'list',
    any: (condition) => `exists (
      select from scim_group_members gm join scim_users s on s.id = gm.scim_user_id
      where gm.group_id = g.id and ${condition})`,
    parts: {
      value: { kind: 'id', sql: 'gm.scim_user_id' },
      $ref: { kind: 'location', sql: 'gm.scim_user_id', endpoint: '/Users/' },
      display: { kind: 'text', sql: `coalesce(s.attributes ->> 'displayName', s.user_name)` },
      type: { kind: 'text', sql: `'User'` },
    },
  },
};
