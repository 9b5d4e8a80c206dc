import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../common/access/access-limits.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { required } from '../../common/collections.js';
import type { RowList } from '../../common/lists/streamed-rows.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import type { Tagging, TagKey, TagValue } from './entities.js';
import { TaggingNotFound, TagKeyNotFound, TagLimitReached, TagValueNotFound } from './tags.errors.js';
import {
  type KeyWithValues,
  type Resource,
  type TaggedResources,
  type TagKeyContent,
  type TagOfResource,
  TagsRepository,
  type TagValueContent,
} from './tags.repository.js';

const KEYS_PER_WORKSPACE = 200;
const VALUES_PER_WORKSPACE = 5_000; // the list of all tags, which is not paged, has about a megabyte then
const TAGS_PER_RESOURCE = 100; // as many as an access check evaluates
const TAGGINGS_PER_WORKSPACE = 50_000;

/** The lock of `Transaction.as` enforces the limits for concurrent requests. */
@Injectable()
export class TagsService {
  constructor(
    private readonly tags: TagsRepository,
    private readonly limits: AccessLimits,
    private readonly lists: ListReader,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  listKeys(workspaceId: string): Promise<TagKey[]> {
    return this.tags.listKeys(workspaceId);
  }

  /** @throws TagKeyNotFound */
  async getKey(workspaceId: string, id: string): Promise<TagKey> {
    const found = await this.tags.findKey(workspaceId, id);
    if (!found) throw new TagKeyNotFound();
    return found;
  }

  createKey(principal: WorkspacePrincipal, content: TagKeyContent): Promise<TagKey> {
    const { workspaceId } = principal;
    const id = newId();
    return this.transaction.as(principal, async () => {
      await this.limits.assertMayWriteTags(principal, [content.key]);
      if ((await this.tags.countKeys(workspaceId)) >= KEYS_PER_WORKSPACE)
        throw new TagLimitReached('tag keys in the workspace', KEYS_PER_WORKSPACE);
      await this.tags.insertKey({ ...content, id, workspaceId });
      await this.audit.record(principal, 'create_tag_key', [id]);
      return this.getKey(workspaceId, id);
    });
  }

  updateKey(principal: WorkspacePrincipal, id: string, changes: Partial<TagKeyContent>): Promise<TagKey> {
    const { workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const { key } = await this.getKey(workspaceId, id);
      if (changes.key !== undefined && changes.key !== key)
        await this.limits.assertMayWriteTags(principal, [key, changes.key]);
      await this.tags.updateKey(workspaceId, id, changes);
      await this.audit.record(principal, 'update_tag_key', [id]);
      return this.getKey(workspaceId, id);
    });
  }

  /** With its values and their taggings. */
  async removeKey(principal: WorkspacePrincipal, id: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      await this.assertMayWriteTagsOf(principal, id);
      await this.tags.removeKey(principal.workspaceId, id);
      await this.audit.record(principal, 'delete_tag_key', [id]);
    });
  }

  /** By value. @throws TagKeyNotFound */
  async listValues(workspaceId: string, keyId: string): Promise<TagValue[]> {
    await this.getKey(workspaceId, keyId);
    return this.tags.listValues(workspaceId, keyId);
  }

  /** @throws TagValueNotFound, also for the value of another key */
  async getValue(workspaceId: string, keyId: string, id: string): Promise<TagValue> {
    const found = await this.tags.findValue(workspaceId, keyId, id);
    if (!found) throw new TagValueNotFound();
    return found;
  }

  createValue(principal: WorkspacePrincipal, keyId: string, content: TagValueContent): Promise<TagValue> {
    const { workspaceId } = principal;
    const id = newId();
    return this.transaction.as(principal, async () => {
      await this.assertMayWriteTagsOf(principal, keyId);
      if ((await this.tags.countValues(workspaceId)) >= VALUES_PER_WORKSPACE)
        throw new TagLimitReached('tag values in the workspace', VALUES_PER_WORKSPACE);
      await this.tags.insertValue({ ...content, id, tagKeyId: keyId, workspaceId });
      await this.audit.record(principal, 'create_tag_value', [id]);
      return this.getValue(workspaceId, keyId, id);
    });
  }

  updateValue(
    principal: WorkspacePrincipal,
    keyId: string,
    id: string,
    changes: Partial<TagValueContent>,
  ): Promise<TagValue> {
    const { workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const { value } = await this.getValue(workspaceId, keyId, id);
      if (changes.value !== undefined && changes.value !== value)
        await this.assertMayWriteTagsOf(principal, keyId);
      await this.tags.updateValue(workspaceId, id, changes);
      await this.audit.record(principal, 'update_tag_value', [id]);
      return this.getValue(workspaceId, keyId, id);
    });
  }

  /** With its taggings. */
  async removeValue(principal: WorkspacePrincipal, keyId: string, id: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      await this.getValue(principal.workspaceId, keyId, id);
      await this.assertMayWriteTagsOf(principal, keyId);
      await this.tags.removeValue(principal.workspaceId, id);
      await this.audit.record(principal, 'delete_tag_value', [id]);
    });
  }

  async listKeysWithValues({ workspaceId }: WorkspacePrincipal): Promise<RowList<KeyWithValues>> {
    const [keys] = await this.lists.read(this.tags.keysWithValues(workspaceId));
    return keys;
  }

  async listTaggings(
    { workspaceId }: WorkspacePrincipal,
    valueId: string | null,
  ): Promise<RowList<TaggedResources>> {
    const [values] = await this.lists.read(this.tags.taggedResources(workspaceId, valueId));
    return values;
  }

  listOfResources(workspaceId: string, resources: readonly Resource[]): Promise<TagOfResource[]> {
    return this.tags.listOfResources(workspaceId, resources);
  }

  /** The existing tagging if the resource has the tag already. */
  createTagging(principal: WorkspacePrincipal, valueId: string, resource: Resource): Promise<Tagging> {
    const { workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const tagKey = await this.tags.findKeyOf(workspaceId, valueId);
      if (!tagKey) throw new TagValueNotFound();
      const existing = await this.tags.findTagging(workspaceId, valueId, resource);
      if (existing) return existing;
      await this.limits.assertMayWriteTags(principal, [tagKey.key]);
      await this.assertWithinLimits(workspaceId, resource);
      const id = newId();
      const { type: resourceType, id: resourceId } = resource;
      await this.tags.insertTagging({ id, workspaceId, tagValueId: valueId, resourceType, resourceId });
      await this.audit.record(principal, 'create_tagging', [id, valueId, resourceId]);
      return required(await this.tags.findTaggingById(workspaceId, id), 'the new tagging');
    });
  }

  async removeTagging(principal: WorkspacePrincipal, id: string): Promise<void> {
    const { workspaceId } = principal;
    await this.transaction.as(principal, async () => {
      const tagging = await this.tags.findTaggingById(workspaceId, id);
      if (!tagging) throw new TaggingNotFound();
      const tagKey = await this.tags.findKeyOf(workspaceId, tagging.tagValueId);
      await this.limits.assertMayWriteTags(principal, [required(tagKey, 'the key of the tag').key]);
      await this.tags.removeTagging(workspaceId, id);
      await this.audit.record(principal, 'delete_tagging', [id]);
    });
  }

  /** @throws TagKeyNotFound, ChangeExceedsRights */
  private async assertMayWriteTagsOf(principal: WorkspacePrincipal, keyId: string): Promise<void> {
    const { key } = await this.getKey(principal.workspaceId, keyId);
    await this.limits.assertMayWriteTags(principal, [key]);
  }

  private async assertWithinLimits(workspaceId: string, resource: Resource): Promise<void> {
    const count = await this.tags.countTaggings(workspaceId, resource, TAGGINGS_PER_WORKSPACE);
    if (count.ofResource >= TAGS_PER_RESOURCE)
      throw new TagLimitReached('tags of the resource', TAGS_PER_RESOURCE);
    if (count.inWorkspace >= TAGGINGS_PER_WORKSPACE)
      throw new TagLimitReached('tagged resources in the workspace', TAGGINGS_PER_WORKSPACE);
  }
}
