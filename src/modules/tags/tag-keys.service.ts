import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../common/access/access-limits.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import type { TagKey, TagValue } from './entities.js';
import { type TagKeyContent, TagKeysRepository, type TagValueContent } from './tag-keys.repository.js';
import { TagKeyNotFound, TagLimitReached, TagValueNotFound } from './tags.errors.js';

const KEYS_PER_WORKSPACE = 200;
const VALUES_PER_WORKSPACE = 5_000; // the list of all tags, which is not paged, has about a megabyte then

/** Tag keys of a workspace and their values. The lock of `Transaction.as` enforces the limits for concurrent requests. */
@Injectable()
export class TagKeysService {
  constructor(
    private readonly keys: TagKeysRepository,
    private readonly limits: AccessLimits,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** By name. */
  list(workspaceId: string): Promise<TagKey[]> {
    return this.keys.list(workspaceId);
  }

  /** @throws TagKeyNotFound */
  async get(workspaceId: string, id: string): Promise<TagKey> {
    const found = await this.keys.find(workspaceId, id);
    if (!found) throw new TagKeyNotFound();
    return found;
  }

  create(principal: WorkspacePrincipal, content: TagKeyContent): Promise<TagKey> {
    const { workspaceId } = principal;
    const id = newId();
    return this.transaction.as(principal, async () => {
      await this.limits.assertMayWriteTags(principal, [content.key]);
      if ((await this.keys.count(workspaceId)) >= KEYS_PER_WORKSPACE)
        throw new TagLimitReached('tag keys in the workspace', KEYS_PER_WORKSPACE);
      await this.keys.insert({ ...content, id, workspaceId });
      await this.audit.record(principal, 'create_tag_key', [id]);
      return this.get(workspaceId, id);
    });
  }

  update(principal: WorkspacePrincipal, id: string, changes: Partial<TagKeyContent>): Promise<TagKey> {
    const { workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const { key } = await this.get(workspaceId, id);
      if (changes.key !== undefined && changes.key !== key)
        await this.limits.assertMayWriteTags(principal, [key, changes.key]);
      await this.keys.update(workspaceId, id, changes);
      await this.audit.record(principal, 'update_tag_key', [id]);
      return this.get(workspaceId, id);
    });
  }

  /** With its values and their taggings. */
  async remove(principal: WorkspacePrincipal, id: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      await this.assertMayWriteTagsOf(principal, id);
      await this.keys.remove(principal.workspaceId, id);
      await this.audit.record(principal, 'delete_tag_key', [id]);
    });
  }

  /** By value. @throws TagKeyNotFound */
  async listValues(workspaceId: string, keyId: string): Promise<TagValue[]> {
    await this.get(workspaceId, keyId);
    return this.keys.listValues(workspaceId, keyId);
  }

  /** @throws TagValueNotFound, also for the value of another key */
  async getValue(workspaceId: string, keyId: string, id: string): Promise<TagValue> {
    const found = await this.keys.findValue(workspaceId, id, keyId);
    if (!found) throw new TagValueNotFound();
    return found;
  }

  createValue(principal: WorkspacePrincipal, keyId: string, content: TagValueContent): Promise<TagValue> {
    const { workspaceId } = principal;
    const id = newId();
    return this.transaction.as(principal, async () => {
      await this.assertMayWriteTagsOf(principal, keyId);
      if ((await this.keys.countValues(workspaceId)) >= VALUES_PER_WORKSPACE)
        throw new TagLimitReached('tag values in the workspace', VALUES_PER_WORKSPACE);
      await this.keys.insertValue({ ...content, id, tagKeyId: keyId, workspaceId });
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
      await this.keys.updateValue(workspaceId, keyId, id, changes);
      await this.audit.record(principal, 'update_tag_value', [id]);
      return this.getValue(workspaceId, keyId, id);
    });
  }

  /** With its taggings. */
  async removeValue(principal: WorkspacePrincipal, keyId: string, id: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      await this.getValue(principal.workspaceId, keyId, id);
      await this.assertMayWriteTagsOf(principal, keyId);
      await this.keys.removeValue(principal.workspaceId, keyId, id);
      await this.audit.record(principal, 'delete_tag_value', [id]);
    });
  }

  /** @throws TagKeyNotFound, ChangeExceedsRights */
  private async assertMayWriteTagsOf(principal: WorkspacePrincipal, keyId: string): Promise<void> {
    const { key } = await this.get(principal.workspaceId, keyId);
    await this.limits.assertMayWriteTags(principal, [key]);
  }
}
