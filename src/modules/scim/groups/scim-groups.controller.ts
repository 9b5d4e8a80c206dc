import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Audited, ReturnsNothing } from '../../../common/http/operations/operation.decorator.js';
import { Representer } from '../http/scim-json.interceptor.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from '../http/scim.guard.js';
import { type ListRequest, readAttributeNames, readListRequest } from '../protocol/list.js';
import { etagOf, type Resource } from '../protocol/resource.js';
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
  get(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return this.one(request, id, representerFor(request));
  }

  @Put(':id')
  @Audited('update_scim_group')
  async replace(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string, @Body() body: unknown) {
    const representer = representerFor(request);
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
    const representer = attributes || excludedAttributes ? representerFor(request) : null;
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

  private async one({ principal }: ScimRequest, id: string, representer: Representer<ScimGroupRow>) {
    return representer.one(
      await this.groups.get(principal, id, { withMembers: representer.includes('members') }),
    );
  }

  private async page(request: ScimRequest, list: ListRequest) {
    const representer = representerFor(request, list);
    const options = { base: request.base, withMembers: representer.includes('members') };
    return representer.page(await this.groups.list(request.principal, list, options));
  }
}

/** Represents groups with the attributes that the request selects. @throws ScimError if the selection is invalid */
const representerFor = ({ base, query }: ScimRequest, selection = readAttributeNames(query)) =>
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
  return {
    grants: true,
    organizationRole: orgRoleOf(row),
    ...(row.kind === 'workspace'
      ? { workspaceId: row.workspaceId, workspaceName: row.workspaceName, workspaceRole: row.roleName }
      : {}),
  };
}
