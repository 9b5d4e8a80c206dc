import { Body, Delete, Get, HttpCode, Patch, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Audited, ReturnsNothing } from '../../../common/http/operations/operation.decorator.js';
import { Representer } from '../http/scim-json.interceptor.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from '../http/scim.guard.js';
import {
  type AttributeSelection,
  type ListRequest,
  readAttributeNames,
  readListRequest,
} from '../protocol/list.js';
import { referenceTo, type Resource } from '../protocol/resource.js';
import { GROUP_SHAPE, TENANTRY_GROUP_URN } from '../protocol/schemas.js';
import type { JsonObject } from '../protocol/value.js';
import { toEditableResource } from './group-edit.js';
import { idleReasonOf, orgRoleOf } from './group-names.js';
import type { ScimGroupRow } from './scim-groups.repository.js';
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
    const representer = representerFor(request);
    return this.one(request, await this.groups.create(request.principal, body), representer);
  }

  @Get(':id')
  get(@CurrentScimRequest() request: ScimRequest) {
    return this.one(request, request.target.id, representerFor(request));
  }

  @Put(':id')
  @Audited('update_scim_group')
  async replace(@CurrentScimRequest() request: ScimRequest, @Body() body: unknown) {
    const representer = representerFor(request);
    await this.groups.replace(request.principal, request.target, body);
    return this.one(request, request.target.id, representer);
  }

  /** 204 unless the request selects attributes: a large group is not sent back (docs/contract/scim.md#patch-answers). */
  @Patch(':id')
  @Audited('update_scim_group')
  async patch(
    @CurrentScimRequest() request: ScimRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { attributes, excludedAttributes } = readAttributeNames(request.query);
    const representer = attributes || excludedAttributes ? representerFor(request) : null;
    if (!representer) void reply.status(204); // before the write, for its audit entry
    await this.groups.patch(request.principal, request.target, body);
    return representer ? this.one(request, request.target.id, representer) : undefined;
  }

  @Delete(':id')
  @Audited('delete_scim_group')
  @ReturnsNothing()
  async remove(@CurrentScimRequest() { principal, target }: ScimRequest) {
    await this.groups.remove(principal, target);
  }

  private async one({ principal }: ScimRequest, id: string, representer: Representer<ScimGroupRow>) {
    return representer.one(await this.groups.get(principal, id, representer.includes('members')));
  }

  private async page(request: ScimRequest, list: ListRequest) {
    const representer = representerFor(request, list);
    const pageRequest = { list, base: request.base };
    return representer.page(
      await this.groups.list(request.principal, pageRequest, representer.includes('members')),
    );
  }
}

/** @throws ScimError if the selection is invalid */
const representerFor = (request: ScimRequest, selection?: AttributeSelection) =>
  new Representer(GROUP_SHAPE, toGroupResource, request, selection);

const toGroupResource = (row: ScimGroupRow, base: string): Resource => ({
  ...toEditableResource(row),
  members: row.members.map(referenceTo(`${base}/Users`, 'User')),
  [TENANTRY_GROUP_URN]: grantOf(row),
});

/** The same rule as in `RebindGroups`. */
const STAYS_IDLE =
  'A token of an operator has written it: it grants nothing until a token of an organization admin renames it.';

function grantOf(row: ScimGroupRow): JsonObject {
  const reason = idleReasonOf(row);
  if (reason !== null && row.isFollowed) return { grants: true };
  if (reason !== null) return { grants: false, reason: row.makesAdmins ? reason : `${reason} ${STAYS_IDLE}` };
  return {
    grants: true,
    organizationRole: orgRoleOf(row),
    ...(row.kind === 'workspace'
      ? { workspaceId: row.workspaceId, workspaceName: row.workspaceName, workspaceRole: row.roleName }
      : {}),
  };
}
