import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../common/access/access-limits.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import type { RowList } from '../../common/lists/streamed-rows.js';
import { required } from '../../common/collections.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { TagKeysRepository } from './tag-keys.repository.js';
import type { Tagging } from './entities.js';
import {
  type KeyWithValues,
  type Resource,
  type TaggedResources,
  TaggingsRepository,
  type TagOfResource,
} from './taggings.repository.js';
import { TaggingNotFound, TagLimitReached, TagValueNotFound } from './tags.errors.js';

const TAGS_PER_RESOURCE = 100; // as many as an access check evaluates
const TAGGINGS_PER_WORKSPACE = 50_000;

/** Which resources of a workspace have which tags. */
@Injectable()
export class TaggingsService {
  constructor(
    private readonly taggings: TaggingsRepository,
    private readonly keys: TagKeysRepository,
    private readonly limits: AccessLimits,
    private readonly lists: ListReader,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** All keys with their values, by name. */
  async listKeys({ workspaceId }: WorkspacePrincipal): Promise<RowList<KeyWithValues>> {
    const [keys] = await this.lists.read(this.taggings.keysWithValues(workspaceId));
    return keys;
  }

  /** Values in use with their resources; of one value, or of all of them if `valueId` is null. */
  async list({ workspaceId }: WorkspacePrincipal, valueId: string | null): Promise<RowList<TaggedResources>> {
    const [values] = await this.lists.read(this.taggings.taggedResources(workspaceId, valueId));
    return values;
  }

  /** The tags of these resources, by resource, key and value. */
  listOfResources(workspaceId: string, resources: readonly Resource[]): Promise<TagOfResource[]> {
    return this.taggings.listOfResources(workspaceId, resources);
  }

  /** The existing tagging if the resource has the tag already. */
  create(principal: WorkspacePrincipal, valueId: string, resource: Resource): Promise<Tagging> {
    const { workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const tagKey = await this.keys.findKeyOf(workspaceId, valueId);
      if (!tagKey) throw new TagValueNotFound();
      const existing = await this.taggings.find(workspaceId, valueId, resource);
      if (existing) return existing;
      await this.limits.assertMayWriteTags(principal, [tagKey.key]);
      await this.assertWithinLimits(workspaceId, resource);
      const id = newId();
      const { type: resourceType, id: resourceId } = resource;
      await this.taggings.insert({ id, workspaceId, tagValueId: valueId, resourceType, resourceId });
      await this.audit.record(principal, 'create_tagging', [id, valueId, resourceId]);
      return required(await this.taggings.find(workspaceId, valueId, resource), 'the new tagging');
    });
  }

  async remove(principal: WorkspacePrincipal, id: string): Promise<void> {
    const { workspaceId } = principal;
    await this.transaction.as(principal, async () => {
      const tagging = await this.taggings.findById(workspaceId, id);
      if (!tagging) throw new TaggingNotFound();
      const tagKey = required(
        await this.keys.findKeyOf(workspaceId, tagging.tagValueId),
        'the key of the tag',
      );
      await this.limits.assertMayWriteTags(principal, [tagKey.key]);
      await this.taggings.remove(workspaceId, id);
      await this.audit.record(principal, 'delete_tagging', [id]);
    });
  }

  private async assertWithinLimits(workspaceId: string, resource: Resource): Promise<void> {
    const count = await this.taggings.count(workspaceId, resource, TAGGINGS_PER_WORKSPACE);
    if (count.ofResource >= TAGS_PER_RESOURCE)
      throw new TagLimitReached('tags of the resource', TAGS_PER_RESOURCE);
    if (count.inWorkspace >= TAGGINGS_PER_WORKSPACE)
      throw new TagLimitReached('tagged resources in the workspace', TAGGINGS_PER_WORKSPACE);
  }
}
