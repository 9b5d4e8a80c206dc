import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, WorkspaceCommand, WorkspaceQuery } from '../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import {
  TagKey,
  TagKeyCreate,
  TagKeyUpdate,
  TagValue,
  TagValueCreate,
  TagValueUpdate,
} from '../../contract/tags.js';
import { TagsService } from './tags.service.js';
import { toTagKey, toTagValue } from './tags.mapper.js';

/** In updates, null leaves a key or value unchanged, which cannot be removed. */
@ApiTags('workspaces')
@Controller('api/v1/workspaces/current/tag-keys')
export class TagKeysController {
  constructor(private readonly tags: TagsService) {}

  @Get()
  @WorkspaceQuery('workspaces:read', [TagKey])
  async listTagKeys(@CurrentPrincipal() { workspaceId }: WorkspacePrincipal) {
    return (await this.tags.listKeys(workspaceId)).map(toTagKey);
  }

  @Post()
  @WorkspaceCommand('workspaces:manage', 'create_tag_key', TagKey)
  @Refuses('change_exceeds_rights', 'tag_key_taken', 'tag_limit_reached')
  async createTagKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @Body() { key, description = null }: TagKeyCreate,
  ) {
    return toTagKey(await this.tags.createKey(principal, { key, description }));
  }

  @Get(':tag_key_id')
  @WorkspaceQuery('workspaces:read', TagKey)
  @Refuses('tag_key_not_found')
  async getTagKey(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @PathUuid('tag_key_id') id: string,
  ) {
    return toTagKey(await this.tags.getKey(workspaceId, id));
  }

  @Patch(':tag_key_id')
  @WorkspaceCommand('workspaces:manage', 'update_tag_key', TagKey)
  @Refuses('change_exceeds_rights', 'tag_key_not_found', 'tag_key_taken')
  async updateTagKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') id: string,
    @Body() { key, description }: TagKeyUpdate,
  ) {
    return toTagKey(await this.tags.updateKey(principal, id, { key: key ?? undefined, description }));
  }

  @Delete(':tag_key_id')
  @WorkspaceCommand('workspaces:manage', 'delete_tag_key', 'anything')
  @Refuses('change_exceeds_rights', 'tag_key_not_found')
  async deleteTagKey(@CurrentPrincipal() principal: WorkspacePrincipal, @PathUuid('tag_key_id') id: string) {
    await this.tags.removeKey(principal, id);
    return {};
  }

  @Get(':tag_key_id/tag-values')
  @WorkspaceQuery('workspaces:read', [TagValue])
  @Refuses('tag_key_not_found')
  async listTagValues(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
  ) {
    return (await this.tags.listValues(workspaceId, keyId)).map(toTagValue);
  }

  @Post(':tag_key_id/tag-values')
  @WorkspaceCommand('workspaces:manage', 'create_tag_value', TagValue)
  @Refuses('change_exceeds_rights', 'tag_key_not_found', 'tag_limit_reached', 'tag_value_taken')
  async createTagValue(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @Body() { value, description = null }: TagValueCreate,
  ) {
    return toTagValue(await this.tags.createValue(principal, keyId, { value, description }));
  }

  @Get(':tag_key_id/tag-values/:tag_value_id')
  @WorkspaceQuery('workspaces:read', TagValue)
  @Refuses('tag_value_not_found')
  async getTagValue(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @PathUuid('tag_value_id') id: string,
  ) {
    return toTagValue(await this.tags.getValue(workspaceId, keyId, id));
  }

  @Patch(':tag_key_id/tag-values/:tag_value_id')
  @WorkspaceCommand('workspaces:manage', 'update_tag_value', TagValue)
  @Refuses('change_exceeds_rights', 'tag_value_not_found', 'tag_value_taken')
  async updateTagValue(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @PathUuid('tag_value_id') id: string,
    @Body() { value, description }: TagValueUpdate,
  ) {
    const changes = { value: value ?? undefined, description };
    return toTagValue(await this.tags.updateValue(principal, keyId, id, changes));
  }

  @Delete(':tag_key_id/tag-values/:tag_value_id')
  @WorkspaceCommand('workspaces:manage', 'delete_tag_value', 'anything')
  @Refuses('change_exceeds_rights', 'tag_value_not_found')
  async deleteTagValue(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @PathUuid('tag_value_id') id: string,
  ) {
    await this.tags.removeValue(principal, keyId, id);
    return {};
  }
}
