import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, WorkspaceCommand, WorkspaceQuery } from '../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { BodyList, type BodyRows } from '../../common/http/operations/body.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { Refuses, ReturnsListsById } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { listReply } from '../../common/lists/list.reply.js';
import {
  ListTaggings,
  ListTagsForResource,
  ListTagsForResourceRequest,
  Tagging,
  TaggingCreate,
  TaggingsResponse,
  TagKeyWithValues,
  TagKeyWithValuesAndTaggings,
} from '../../contract/tags.js';
import { TagsService } from './tags.service.js';
import {
  toTagging,
  toTaggingsResponse,
  toTagKeyWithValues,
  toTagsOfResource,
  toTagsOfResources,
} from './tags.mapper.js';

const RESOURCES = { max: 100, validateRow: () => [] };

@ApiTags('workspaces')
@Controller('api/v1/workspaces/current')
export class TaggingsController {
  constructor(private readonly tags: TagsService) {}

  @Get('taggings')
  @WorkspaceQuery('workspaces:read', [TaggingsResponse])
  @Refuses('too_many_large_lists')
  async listTaggings(@CurrentPrincipal() principal: WorkspacePrincipal, @Query() query: ListTaggings) {
    const found = await this.tags.listTaggings(principal, query.tag_value_id ?? null);
    return listReply(found.map(toTaggingsResponse));
  }

  @Post('taggings')
  @WorkspaceCommand('workspaces:manage', 'create_tagging', Tagging)
  @Refuses('change_exceeds_rights', 'tag_limit_reached', 'tag_value_not_found')
  async createTagging(@CurrentPrincipal() principal: WorkspacePrincipal, @Body() body: TaggingCreate) {
    const { tag_value_id: valueId, resource_type: type, resource_id: id } = body;
    return toTagging(await this.tags.createTagging(principal, valueId, { type, id }));
  }

  @Delete('taggings/:tagging_id')
  @WorkspaceCommand('workspaces:manage', 'delete_tagging', 'anything')
  @Refuses('change_exceeds_rights', 'tagging_not_found')
  async deleteTagging(@CurrentPrincipal() principal: WorkspacePrincipal, @PathUuid('tagging_id') id: string) {
    await this.tags.removeTagging(principal, id);
    return {};
  }

  @Get('tags')
  @WorkspaceQuery('workspaces:read', [TagKeyWithValues])
  @Refuses('too_many_large_lists')
  async listTags(@CurrentPrincipal() principal: WorkspacePrincipal) {
    return listReply((await this.tags.listKeysWithValues(principal)).map(toTagKeyWithValues));
  }

  @Get('tags/resource')
  @WorkspaceQuery('workspaces:read', [TagKeyWithValuesAndTaggings])
  async listTagsForResource(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @Query() { resource_type: type, resource_id: id }: ListTagsForResource,
  ) {
    return toTagsOfResource(await this.tags.listOfResources(workspaceId, [{ type, id }]));
  }

  /** By the ids of the resources. */
  @Post('tags/resources')
  @HttpCode(HttpStatus.OK)
  @WorkspaceQuery('workspaces:read')
  @ReturnsListsById(TagKeyWithValuesAndTaggings)
  async listTagsForResources(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @BodyList(ListTagsForResourceRequest, RESOURCES) body: BodyRows<ListTagsForResourceRequest>,
  ) {
    if (body.problems.length > 0) throw new ValidationFailed(body.problems);
    const resources = body.rows.map(({ row }) => ({ type: row.resource_type, id: row.resource_id }));
    return toTagsOfResources(resources, await this.tags.listOfResources(workspaceId, resources));
  }
}
