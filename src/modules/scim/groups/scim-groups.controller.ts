import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReturnsNothing } from '../../../common/http/returns.decorator.js';
import { Audited } from '../../audit/index.js';
import { readListRequest } from '../protocol/list.js';
import { ScimTokenOnly } from '../http/scim-token-only.decorator.js';
import { CurrentScimRequest, type ScimRequest } from '../http/scim-request.decorator.js';
import { SCIM_ROOT } from '../http/scim-root.js';
import { GroupRepresentations } from './group-representations.js';
import { ScimGroupsService } from './scim-groups.service.js';

@Controller(`${SCIM_ROOT}/Groups`)
@ScimTokenOnly()
export class ScimGroupsController {
  constructor(
    private readonly representations: GroupRepresentations,
    private readonly groups: ScimGroupsService,
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
  @Audited('create_scim_group')
  async create(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    const represent = this.representations.representerFor(request);
    return represent(await this.groups.create(request.principal, body));
  }

  @Get(':id')
  get(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return this.representations.representerFor(request)(id);
  }

  @Put(':id')
  @Audited('update_scim_group')
  async replace(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string, @Body() body: unknown) {
    const represent = this.representations.representerFor(request);
    await this.groups.replace(request.principal, { id, ifMatch: request.ifMatch }, body);
    return represent(id);
  }

  /** 204 unless attributes are selected. */
  @Patch(':id')
  @Audited('update_scim_group')
  async patch(
    @CurrentScimRequest() request: ScimRequest,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const represent = this.representations.representerAfterPatch(request);
    if (!represent) void reply.status(204); // before the write, for its audit entry
    await this.groups.patch(request.principal, { id, ifMatch: request.ifMatch }, body);
    return represent?.(id);
  }

  @Delete(':id')
  @Audited('delete_scim_group')
  @ReturnsNothing()
  async remove(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    await this.groups.remove(request.principal, { id, ifMatch: request.ifMatch });
  }
}
