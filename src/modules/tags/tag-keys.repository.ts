import { Injectable } from '@nestjs/common';
import { insertUnlessTaken, mapViolations } from '../../database/transactions/constraint-violation.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { TagKey, TagValue } from './entities.js';
import { TagKeyTaken, TagValueTaken } from './tags.errors.js';

export type TagKeyContent = Pick<TagKey, 'key' | 'description'>;
export type TagValueContent = Pick<TagValue, 'value' | 'description'>;

const KEY_TAKEN = { tag_keys_key_is_unique_in_workspace: () => new TagKeyTaken() };
const VALUE_TAKEN = { tag_values_value_is_unique_of_key: () => new TagValueTaken() };

/** Tag keys and their values; every statement is limited to a workspace. */
@Injectable()
export class TagKeysRepository {
  constructor(private readonly transaction: Transaction) {}

  private get keys() {
    return this.transaction.manager.getRepository(TagKey);
  }

  private get values() {
    return this.transaction.manager.getRepository(TagValue);
  }

  list(workspaceId: string): Promise<TagKey[]> {
    return this.keys.find({ where: { workspaceId }, order: { key: 'ASC' } });
  }

  find(workspaceId: string, id: string): Promise<TagKey | null> {
    return this.keys.findOneBy({ workspaceId, id });
  }

  count(workspaceId: string): Promise<number> {
    return this.keys.countBy({ workspaceId });
  }

  /** @throws TagKeyTaken */
  async insert(key: Omit<TagKey, 'createdAt' | 'updatedAt'>): Promise<void> {
    if (!(await insertUnlessTaken(this.keys, key))) throw new TagKeyTaken();
  }

  /** @throws TagKeyTaken */
  async update(workspaceId: string, id: string, changes: Partial<TagKeyContent>): Promise<void> {
    const update = this.keys.update({ workspaceId, id }, { ...changes, updatedAt: () => 'now()' });
    await mapViolations(update, KEY_TAKEN);
  }

  async remove(workspaceId: string, id: string): Promise<void> {
    await this.keys.delete({ workspaceId, id });
  }

  listValues(workspaceId: string, tagKeyId: string): Promise<TagValue[]> {
    return this.values.find({ where: { workspaceId, tagKeyId }, order: { value: 'ASC' } });
  }

  /** Of the key, or of any key if it is undefined. */
  findValue(workspaceId: string, id: string, tagKeyId?: string): Promise<TagValue | null> {
    return this.values.findOneBy({ workspaceId, id, ...(tagKeyId === undefined ? {} : { tagKeyId }) });
  }

  /** The key of a value. */
  async findKeyOf(workspaceId: string, valueId: string): Promise<TagKey | null> {
    const value = await this.findValue(workspaceId, valueId);
    return value && this.find(workspaceId, value.tagKeyId);
  }

  countValues(workspaceId: string): Promise<number> {
    return this.values.countBy({ workspaceId });
  }

  /** @throws TagValueTaken */
  async insertValue(value: Omit<TagValue, 'createdAt' | 'updatedAt'>): Promise<void> {
    if (!(await insertUnlessTaken(this.values, value))) throw new TagValueTaken();
  }

  /** @throws TagValueTaken */
  async updateValue(
    workspaceId: string,
    tagKeyId: string,
    id: string,
    changes: Partial<TagValueContent>,
  ): Promise<void> {
    const update = this.values.update(
      { workspaceId, tagKeyId, id },
      { ...changes, updatedAt: () => 'now()' },
    );
    await mapViolations(update, VALUE_TAKEN);
  }

  async removeValue(workspaceId: string, tagKeyId: string, id: string): Promise<void> {
    await this.values.delete({ workspaceId, tagKeyId, id });
  }
}
