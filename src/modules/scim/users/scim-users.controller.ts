import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ReturnsNothing } from '../../../common/http/returns.decorator.js';
import { Audited } from '../../audit/index.js';
import { readListRequest } from '../protocol/list.js';
import { ScimTokenOnly } from '../http/scim-token-only.decorator.js';
import { CurrentScimRequest, type ScimRequest } from '../http/scim-request.decorator.js';
import { SCIM_ROOT } from '../http/scim-root.js';
import { ScimUsersService } from './scim-users.service.js';
import { UserRepresentations } from './user-representations.js';

@Controller(`${SCIM_ROOT}/Users`)
@ScimTokenOnly()
export class ScimUsersController {
  constructor(
    private readonly representations: UserRepresentations,
    private readonly users: ScimUsersService,
  ) {}

  @Get()
  list(@CurrentScimRequest() request: ScimRequest) {
    return this.representations.page(request, readListRequest(request.query));
  }

  @Post('.search')
  @HttpCode(200)
  search(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    return this.representations.page(request, readListRequest(body));
  }

  @Post()
  @Audited('create_scim_user')
  async create(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    const represent = this.representations.representerFor(request);
    return represent(await this.users.create(request.principal, body));
  }

  @Get(':id')
  async get(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    const represent = this.representations.representerFor(request);
    return represent(await this.users.get(request.principal, id));
  }

  @Put(':id')
  @Audited('update_scim_user')
  async replace(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string, @Body() body: unknown) {
    const represent = this.representations.representerFor(request);
    return represent(await this.users.replace(request.principal, { id, ifMatch: request.ifMatch }, body));
  }

  @Patch(':id')
  @Audited('update_scim_user')
  async patch(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string, @Body() body: unknown) {
    const represent = this.representations.representerFor(request);
    return represent(await this.users.patch(request.principal, { id, ifMatch: request.ifMatch }, body));
  }

  @Delete(':id')
  @Audited('delete_scim_user')
  @ReturnsNothing()
  async remove(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    await this.users.remove(request.principal, { id, ifMatch: request.ifMatch });
  }
}
