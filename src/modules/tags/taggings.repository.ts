import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../../database/lists/list-cursor.js';
import { Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { Tagging, type TagKey, type TagValue } from './entities.js';
import { COUNT, KEYS_WITH_VALUES, TAGGED_RESOURCES, TAGS_OF_RESOURCES } from './taggings.statements.js';

export type Resource = { readonly type: string; readonly id: string };
type Key = Omit<TagKey, 'workspaceId'>;
/** Read as JSON, so the times are text. */
export type ValueInJson = Omit<TagValue, 'workspaceId' | 'createdAt' | 'updatedAt'> & {
  createdAt: string;
  updatedAt: string;
};
export type KeyWithValues = Key & { values: ValueInJson[] };
export type TagOfResource = Key & {
  value: ValueInJson;
  taggingId: string;
  taggedAt: Date;
  resourceType: string;
  resourceId: string;
};
export type TaggedResources = Pick<TagKey, 'key'> &
  Pick<TagValue, 'tagKeyId' | 'value'> & {
    tagValueId: string;
    taggings: Pick<Tagging, 'id' | 'resourceType' | 'resourceId'>[];
  };

@Injectable()
export class TaggingsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get taggings() {
    return this.transaction.manager.getRepository(Tagging);
  }

  keysWithValues(workspaceId: string): ListQuery<KeyWithValues> {
    return { statement: KEYS_WITH_VALUES, values: [workspaceId] };
  }

  taggedResources(workspaceId: string, valueId: string | null): ListQuery<TaggedResources> {
    return { statement: TAGGED_RESOURCES, values: [workspaceId, valueId] };
  }

  /** By resource, key and value. */
  listOfResources(workspaceId: string, resources: readonly Resource[]): Promise<TagOfResource[]> {
    const [types, ids] = [resources.map(({ type }) => type), resources.map(({ id }) => id)];
    return this.sql.rows<TagOfResource>(TAGS_OF_RESOURCES, [workspaceId, types, ids]);
  }

  /** Counts those of the workspace up to `most`. */
  count(workspaceId: string, { type, id }: Resource, most: number) {
    return this.sql.one<{ ofResource: number; inWorkspace: number }>(COUNT, [workspaceId, type, id, most]);
  }

  find(workspaceId: string, tagValueId: string, { type, id }: Resource): Promise<Tagging | null> {
    return this.taggings.findOneBy({ workspaceId, tagValueId, resourceType: type, resourceId: id });
  }

  findById(workspaceId: string, id: string): Promise<Tagging | null> {
    return this.taggings.findOneBy({ workspaceId, id });
  }

  async insert(tagging: Omit<Tagging, 'createdAt'>): Promise<void> {
    await this.taggings.insert(tagging);
  }

  async remove(workspaceId: string, id: string): Promise<void> {
    await this.taggings.delete({ workspaceId, id });
  }
}
