import type { Columns } from '../query/columns.js';

/** The attributes that groups can be filtered by. `g` is the group. */
export const GROUP_COLUMNS: Columns = {
  id: { kind: 'id', sql: 'g.id' },
  externalId: { kind: 'text', sql: 'g.external_id', caseExact: true },
  displayName: { kind: 'text', sql: 'g.display_name' },
  'meta.created': { kind: 'instant', sql: 'g.created_at' },
  'meta.lastModified': { kind: 'instant', sql: 'g.updated_at' },
  members: {
    kind: 'list',
    any: (condition) =>
      `exists (select from scim_group_members gm where gm.group_id = g.id and ${condition})`,
    parts: { value: { kind: 'id', sql: 'gm.scim_user_id' } },
  },
};
