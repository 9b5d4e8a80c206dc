import { ORG_ADMIN_ID } from '../rbac/index.js';

/**
 * A subquery: the oldest workspace that a user may see, of all for an organization admin, of their own for others. The
 * statement around it has `m`, the user's membership in the organization, and `c` with their `user_id`.
 */
export const OLDEST_WORKSPACE = `
  (select v.id, null::uuid as role_id, 1 as rank from workspaces v
    where v.org_id = m.org_id and m.role_id = '${ORG_ADMIN_ID}' order by v.created_at, v.id limit 1)
  union all
  (select v.id, p.role_id, 1 from workspace_memberships p join workspaces v on v.id = p.workspace_id
    where p.org_id = m.org_id and p.user_id = c.user_id and m.role_id <> '${ORG_ADMIN_ID}'
    order by v.created_at, v.id limit 1)`;
