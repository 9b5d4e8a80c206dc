import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { Audited, ReturnsNothing } from '../../../common/http/operations/operation.decorator.js';
import { Representer } from '../http/scim-json.interceptor.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from '../http/scim.guard.js';
import { type ListRequest, readListRequest, readAttributeNames } from '../protocol/list.js';
import { etagOf, type Resource, schemasOf } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/schemas.js';
import type { ShownUser } from './scim-users.repository.js';
import { ScimUsersService } from './scim-users.service.js';
import { toEditableResource } from './user-profile.js';

@ScimController('/Users')
export class ScimUsersController {
  constructor(private readonly users: ScimUsersService) {}

  @Get()
  list(@CurrentScimRequest() request: ScimRequest) {
    return this.page(request, readListRequest(request.query));
  }

  @Post('.search')
  @HttpCode(200)
  search(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    return this.page(request, readListRequest(body));
  }

  @Post()
  @Audited('create_scim_user')
  async create(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    const representer = representerFor(request);
    return representer.one(await this.users.create(request.principal, body));
  }

  @Get(':id')
  async get(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    const representer = representerFor(request);
    return representer.one(await this.users.get(request.principal, id));
  }

  @Put(':id')
  @Audited('update_scim_user')
  async replace(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string, @Body() body: unknown) {
    const representer = representerFor(request);
    const { principal, ifMatch } = request;
    return representer.one(await this.users.replace(principal, { id, ifMatch }, body));
  }

  @Patch(':id')
  @Audited('update_scim_user')
  async patch(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string, @Body() body: unknown) {
    const representer = representerFor(request);
    const { principal, ifMatch } = request;
    return representer.one(await this.users.patch(principal, { id, ifMatch }, body));
  }

  @Delete(':id')
  @Audited('delete_scim_user')
  @ReturnsNothing()
  async remove(@CurrentScimRequest() { principal, ifMatch }: ScimRequest, @Param('id') id: string) {
    await this.users.remove(principal, { id, ifMatch });
  }

  private async page(request: ScimRequest, list: ListRequest) {
    const representer = representerFor(request, list);
    const options = { base: request.base, withGroups: representer.includes('groups') };
    return representer.page(await this.users.list(request.principal, list, options));
  }
}

/** Represents users with the attributes that the request selects. @throws ScimError if the selection is invalid */
const representerFor = ({ base, query }: ScimRequest, selection = readAttributeNames(query)) =>
  new Representer<ShownUser>(USER_SHAPE, (row) => toUserResource(row, base), selection);

/** All attributes. */
function toUserResource(row: ShownUser, base: string): Resource {
  return {
    schemas: schemasOf(USER_SHAPE, row.attributes),
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    ...toEditableResource(row),
    groups: row.groups.map(({ id, name }) => ({
      value: id,
      $ref: `${base}/Groups/${id}`,
      display: name,
      type: 'direct',
    })),
    meta: {
      resourceType: 'User',
      created: row.createdAt.toISOString(),
      lastModified: row.updatedAt.toISOString(),
      location: `${base}/Users/${row.id}`,
      version: etagOf(row.version),
    },
  };
}
