import { Representer } from '../http/scim-json.interceptor.js';
import type { ScimRequest } from '../http/scim-request.decorator.js';
import { readAttributeNames } from '../protocol/list.js';
import { required } from '../../../common/required.js';
import { systemRole } from '../../rbac/index.js';
import { etagOf, type Resource } from '../protocol/resource.js';
import { GROUP_SHAPE, TENANTRY_GROUP_URN } from '../protocol/schemas.js';
import type { JsonObject } from '../protocol/value.js';
import { toEditableResource } from './group-edit.js';
import { grantsRoles, idleReasonOf } from './group-names.js';
import type { ScimGroupRow } from './scim-groups.repository.js';

/** Represents groups with the attributes that the request selects. @throws ScimError if the selection is invalid */
export const groupRepresenterFor = ({ base, query }: ScimRequest, selection = readAttributeNames(query)) =>
  new Representer<ScimGroupRow>(GROUP_SHAPE, (row) => toGroupResource(row, base), selection);

/** All attributes. */
function toGroupResource(row: ScimGroupRow, base: string): Resource {
  return {
    schemas: [GROUP_SHAPE.core.id, TENANTRY_GROUP_URN],
    id: row.id,
    ...toEditableResource(row),
    members: row.members.map(({ id, name }) => ({
      value: id,
      $ref: `${base}/Users/${id}`,
      display: name,
      type: 'User',
    })),
    [TENANTRY_GROUP_URN]: grantOf(row),
    meta: {
      resourceType: 'Group',
      created: row.createdAt.toISOString(),
      lastModified: row.updatedAt.toISOString(),
      location: `${base}/Groups/${row.id}`,
      version: etagOf(row.version),
    },
  };
}

/** The same rule as in `RebindGroups`. */
const STAYS_IDLE =
  'A token of an operator has written it: it grants nothing until a token of an organization admin renames it.';

function grantOf(row: ScimGroupRow): JsonObject {
  const reason = idleReasonOf(row);
  if (reason !== null && row.isFollowed) return { grants: true };
  if (reason !== null) return { grants: false, reason: row.makesAdmins ? reason : `${reason} ${STAYS_IDLE}` };
  const orgRole = row.kind === 'admin' ? 'ORGANIZATION_ADMIN' : required(row.orgRole, 'org_role');
  return {
    grants: grantsRoles(row),
    organizationRole: systemRole(orgRole).displayName,
    ...(row.kind === 'workspace'
      ? { workspaceId: row.workspaceId, workspaceName: row.workspaceName, workspaceRole: row.roleName }
      : {}),
  };
}
