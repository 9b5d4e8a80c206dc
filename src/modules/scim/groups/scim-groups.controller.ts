import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReturnsNothing } from '../../../common/http/returns.decorator.js';
import { Audited } from '../../audit/index.js';
import { ScimController } from '../http/scim.guard.js';
import { CurrentScimRequest, type ScimRequest } from '../http/scim-request.decorator.js';
import { type ListRequest, readAttributeNames, readListRequest } from '../protocol/list.js';
import { groupRepresenterFor } from './scim-group.mapper.js';
import { ScimGroupsService } from './scim-groups.service.js';

@ScimController('/Groups')
export class ScimGroupsController {
  constructor(private readonly groups: ScimGroupsService) {}

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
  @Audited('create_scim_group')
  async create(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    const representer = groupRepresenterFor(request);
    return this.one(request, await this.groups.create(request.principal, body), representer);
  }

  @Get(':id')
  get(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return this.one(request, id, groupRepresenterFor(request));
  }

  @Put(':id')
  @Audited('update_scim_group')
  async replace(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string, @Body() body: unknown) {
    const representer = groupRepresenterFor(request);
    const { principal, ifMatch } = request;
    await this.groups.replace(principal, { id, ifMatch }, body);
    return this.one(request, id, representer);
  }

  /**
   * 204 unless the request selects attributes: a large group is not sent back
   * (docs/contract/scim.md#patch-answers).
   */
  @Patch(':id')
  @Audited('update_scim_group')
  async patch(
    @CurrentScimRequest() request: ScimRequest,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { principal, ifMatch, query } = request;
    const { attributes, excludedAttributes } = readAttributeNames(query);
    const representer = attributes || excludedAttributes ? groupRepresenterFor(request) : null;
    if (!representer) void reply.status(204); // before the write, for its audit entry
    await this.groups.patch(principal, { id, ifMatch }, body);
    return representer ? this.one(request, id, representer) : undefined;
  }

  @Delete(':id')
  @Audited('delete_scim_group')
  @ReturnsNothing()
  async remove(@CurrentScimRequest() { principal, ifMatch }: ScimRequest, @Param('id') id: string) {
    await this.groups.remove(principal, { id, ifMatch });
  }

  private async one(
    { principal }: ScimRequest,
    id: string,
    representer: ReturnType<typeof groupRepresenterFor>,
  ) {
    return representer.one(
      await this.groups.get(principal, id, { withMembers: representer.includes('members') }),
    );
  }

  private async page(request: ScimRequest, list: ListRequest) {
    const representer = groupRepresenterFor(request, list);
    const options = { base: request.base, withMembers: representer.includes('members') };
    return representer.page(await this.groups.list(request.principal, list, options), list.startIndex);
  }
}
