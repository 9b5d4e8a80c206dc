import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { Refuses, Returns, ReturnsAnything } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import {
  TagKey,
  TagKeyCreate,
  TagKeyUpdate,
  TagValue,
  TagValueCreate,
  TagValueUpdate,
} from '../../contract/tags.js';
import { Audited } from '../audit/index.js';
import { TagKeysService } from './tag-keys.service.js';
import { toTagKey, toTagValue } from './tags.mapper.js';

/** In updates, null leaves a key or value unchanged, which cannot be removed. */
@ApiTags('workspaces')
@Controller('api/v1/workspaces/current/tag-keys')
export class TagKeysController {
  constructor(private readonly keys: TagKeysService) {}

  @Get()
  @RequirePermission('workspaces:read')
  @Returns([TagKey])
  async listTagKeys(@CurrentPrincipal() { workspaceId }: WorkspacePrincipal) {
    return (await this.keys.list(workspaceId)).map(toTagKey);
  }

  @Post()
  @RequirePermission('workspaces:manage')
  @Audited('create_tag_key')
  @Returns(TagKey)
  @Refuses('change_exceeds_rights', 'tag_key_taken', 'tag_limit_reached')
  async createTagKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @Body() { key, description = null }: TagKeyCreate,
  ) {
    return toTagKey(await this.keys.create(principal, { key, description }));
  }

  @Get(':tag_key_id')
  @RequirePermission('workspaces:read')
  @Returns(TagKey)
  @Refuses('tag_key_not_found')
  async getTagKey(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @PathUuid('tag_key_id') id: string,
  ) {
    return toTagKey(await this.keys.get(workspaceId, id));
  }

  @Patch(':tag_key_id')
  @RequirePermission('workspaces:manage')
  @Audited('update_tag_key')
  @Returns(TagKey)
  @Refuses('change_exceeds_rights', 'tag_key_not_found', 'tag_key_taken')
  async updateTagKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') id: string,
    @Body() { key, description }: TagKeyUpdate,
  ) {
    return toTagKey(await this.keys.update(principal, id, { key: key ?? undefined, description }));
  }

  @Delete(':tag_key_id')
  @RequirePermission('workspaces:manage')
  @Audited('delete_tag_key')
  @ReturnsAnything()
  @Refuses('change_exceeds_rights', 'tag_key_not_found')
  async deleteTagKey(@CurrentPrincipal() principal: WorkspacePrincipal, @PathUuid('tag_key_id') id: string) {
    await this.keys.remove(principal, id);
    return {};
  }

  @Get(':tag_key_id/tag-values')
  @RequirePermission('workspaces:read')
  @Returns([TagValue])
  @Refuses('tag_key_not_found')
  async listTagValues(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
  ) {
    return (await this.keys.listValues(workspaceId, keyId)).map(toTagValue);
  }

  @Post(':tag_key_id/tag-values')
  @RequirePermission('workspaces:manage')
  @Audited('create_tag_value')
  @Returns(TagValue)
  @Refuses('change_exceeds_rights', 'tag_key_not_found', 'tag_limit_reached', 'tag_value_taken')
  async createTagValue(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @Body() { value, description = null }: TagValueCreate,
  ) {
    return toTagValue(await this.keys.createValue(principal, keyId, { value, description }));
  }

  @Get(':tag_key_id/tag-values/:tag_value_id')
  @RequirePermission('workspaces:read')
  @Returns(TagValue)
  @Refuses('tag_value_not_found')
  async getTagValue(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @PathUuid('tag_value_id') id: string,
  ) {
    return toTagValue(await this.keys.getValue(workspaceId, keyId, id));
  }

  @Patch(':tag_key_id/tag-values/:tag_value_id')
  @RequirePermission('workspaces:manage')
  @Audited('update_tag_value')
  @Returns(TagValue)
  @Refuses('change_exceeds_rights', 'tag_value_not_found', 'tag_value_taken')
  async updateTagValue(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @PathUuid('tag_value_id') id: string,
    @Body() { value, description }: TagValueUpdate,
  ) {
    const changes = { value: value ?? undefined, description };
    return toTagValue(await this.keys.updateValue(principal, keyId, id, changes));
  }

  @Delete(':tag_key_id/tag-values/:tag_value_id')
  @RequirePermission('workspaces:manage')
  @Audited('delete_tag_value')
  @ReturnsAnything()
  @Refuses('change_exceeds_rights', 'tag_value_not_found')
  async deleteTagValue(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('tag_key_id') keyId: string,
    @PathUuid('tag_value_id') id: string,
  ) {
    await this.keys.removeValue(principal, keyId, id);
    return {};
  }
}
