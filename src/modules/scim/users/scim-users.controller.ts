import { Body, Delete, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { Audited, ReturnsNothing } from '../../../common/http/operations/operation.decorator.js';
import { Representer } from '../http/scim-json.interceptor.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from '../http/scim.guard.js';
import { type AttributeSelection, type ListRequest, readListRequest } from '../protocol/list.js';
import { referenceTo, type Resource } from '../protocol/resource.js';
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
  async get(@CurrentScimRequest() request: ScimRequest) {
    const representer = representerFor(request);
    return representer.one(await this.users.get(request.principal, request.target.id));
  }

  @Put(':id')
  @Audited('update_scim_user')
  async replace(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    const representer = representerFor(request);
    return representer.one(await this.users.replace(request.principal, request.target, body));
  }

  @Patch(':id')
  @Audited('update_scim_user')
  async patch(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    const representer = representerFor(request);
    return representer.one(await this.users.patch(request.principal, request.target, body));
  }

  @Delete(':id')
  @Audited('delete_scim_user')
  @ReturnsNothing()
  async remove(@CurrentScimRequest() { principal, target }: ScimRequest) {
    await this.users.remove(principal, target);
  }

  private async page(request: ScimRequest, list: ListRequest) {
    const representer = representerFor(request, list);
    const pageRequest = { list, base: request.base };
    return representer.page(
      await this.users.list(request.principal, pageRequest, representer.includes('groups')),
    );
  }
}

/** @throws ScimError if the selection is invalid */
const representerFor = (request: ScimRequest, selection?: AttributeSelection) =>
  new Representer(USER_SHAPE, toUserResource, request, selection);

const toUserResource = (row: ShownUser, base: string): Resource => ({
  ...toEditableResource(row),
  groups: row.groups.map(referenceTo(`${base}/Groups`, 'direct')),
});
