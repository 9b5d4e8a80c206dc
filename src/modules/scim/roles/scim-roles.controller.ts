import { Get } from '@nestjs/common';
import { ScimResourceNotFound } from '../http/errors.js';
import { Representer } from '../http/scim-json.interceptor.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from '../http/scim.guard.js';
import { type AttributeSelection, readListRequest } from '../protocol/list.js';
import { ROLE_SHAPE } from '../protocol/schemas.js';
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
    return representer.page(await this.roles.list(request.principal, { list, base: request.base }));
  }

  @Get(':id')
  async get(@CurrentScimRequest() request: ScimRequest) {
    const representer = representerFor(request);
    return representer.one(await this.roles.get(request.principal, request.target.id));
  }
}

/** @throws ScimResourceNotFound, as on an unknown path, unless the organization has switched roles on; ScimError */
function representerFor(request: ScimRequest, selection?: AttributeSelection): Representer<ScimRole> {
  if (!request.rolesAreEnabled) throw new ScimResourceNotFound('Not Found');
  return new Representer(ROLE_SHAPE, ({ display }) => ({ displayName: display }), request, selection);
}
