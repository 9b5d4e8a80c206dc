import { Get, Param } from '@nestjs/common';
import { ScimResourceNotFound } from '../http/errors.js';
import { Representer } from '../http/scim-json.interceptor.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from '../http/scim.guard.js';
import { readAttributeNames, readListRequest } from '../protocol/list.js';
import { etagOf, type Resource } from '../protocol/resource.js';
import { ROLE_SHAPE } from '../protocol/role-schema.js';
import type { ScimRole } from './scim-roles.repository.js';
import { ScimRolesService } from './scim-roles.service.js';

/** The roles that the attribute `roles` of users may give; read only (docs/contract/scim.md#roles). */
@ScimController('/Roles')
export class ScimRolesController {
  constructor(private readonly roles: ScimRolesService) {}

  @Get()
  async list(@CurrentScimRequest() request: ScimRequest) {
    const list = readListRequest(request.query);
    const representer = representerFor(request, list);
    return representer.page(await this.roles.list(request.principal, list, request.base));
  }

  @Get(':id')
  async get(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    const representer = representerFor(request);
    return representer.one(await this.roles.get(request.principal, id));
  }
}

/** @throws ScimResourceNotFound, as on an unknown path, unless the organization has switched roles on; ScimError */
function representerFor(
  { base, query, rolesAreEnabled }: ScimRequest,
  selection = readAttributeNames(query),
): Representer<ScimRole> {
  if (!rolesAreEnabled) throw new ScimResourceNotFound('Not Found');
  return new Representer(ROLE_SHAPE, (role) => toRoleResource(role, base), selection);
}

const toRoleResource = ({ id, display }: ScimRole, base: string): Resource => ({
  schemas: [ROLE_SHAPE.core.id],
  id,
  displayName: display,
  meta: {
    resourceType: 'Role',
    location: `${base}/Roles/${id}`,
    version: etagOf(Buffer.from(display).toString('base64url')),
  },
});
