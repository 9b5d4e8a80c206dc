import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../../database/lists/list-reader.js';
import { insertUnlessTaken, mapViolations } from '../../database/transactions/constraint-violation.js';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { Tagging, TagKey, TagValue } from './entities.js';
import { TagKeyTaken, TagValueTaken } from './tags.errors.js';

export type TagKeyContent = Pick<TagKey, 'key' | 'description'>;
export type TagValueContent = Pick<TagValue, 'value' | 'description'>;
export type Resource = { readonly type: string; readonly id: string };

type Key = Omit<TagKey, 'workspaceId'>;
/** Read as JSON, so the times are text. */
export type InJson<Row> = {
  [Name in keyof Omit<Row, 'workspaceId'>]: Row[Name] extends Date ? string : Row[Name];
};
export type KeyWithValues = Key & { values: InJson<TagValue>[] };
export type TagOfResource = Key & { value: InJson<TagValue>; tagging: InJson<Tagging> };
export type TaggedResources = Pick<TagKey, 'key'> &
  Pick<TagValue, 'tagKeyId' | 'value'> & {
    tagValueId: string;
    taggings: Pick<Tagging, 'id' | 'resourceType' | 'resourceId'>[];
  };

const KEY_TAKEN = { tag_keys_key_is_unique_in_workspace: () => new TagKeyTaken() };
const VALUE_TAKEN = { tag_values_value_is_unique_of_key: () => new TagValueTaken() };

/** Tag keys, their values and the resources that have them; every statement is limited to a workspace. */
@Injectable()
export class TagsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get keys() {
    return this.transaction.manager.getRepository(TagKey);
  }

  private get values() {
    return this.transaction.manager.getRepository(TagValue);
  }

  private get taggings() {
    return this.transaction.manager.getRepository(Tagging);
  }

  listKeys(workspaceId: string): Promise<TagKey[]> {
    return this.keys.find({ where: { workspaceId }, order: { key: 'ASC' } });
  }

  findKey(workspaceId: string, id: string): Promise<TagKey | null> {
    return this.keys.findOneBy({ workspaceId, id });
  }

  countKeys(workspaceId: string): Promise<number> {
    return this.keys.countBy({ workspaceId });
  }

  /** @throws TagKeyTaken */
  async insertKey(key: Omit<TagKey, 'createdAt' | 'updatedAt'>): Promise<void> {
    if (!(await insertUnlessTaken(this.keys, key))) throw new TagKeyTaken();
  }

  /** @throws TagKeyTaken */
  async updateKey(workspaceId: string, id: string, changes: Partial<TagKeyContent>): Promise<void> {
    const update = this.keys.update({ workspaceId, id }, { ...changes, updatedAt: () => 'now()' });
    await mapViolations(update, KEY_TAKEN);
  }

  async removeKey(workspaceId: string, id: string): Promise<void> {
    await this.keys.delete({ workspaceId, id });
  }

  listValues(workspaceId: string, tagKeyId: string): Promise<TagValue[]> {
    return this.values.find({ where: { workspaceId, tagKeyId }, order: { value: 'ASC' } });
  }

  findValue(workspaceId: string, tagKeyId: string, id: string): Promise<TagValue | null> {
    return this.values.findOneBy({ workspaceId, tagKeyId, id });
  }

  async findKeyOf(workspaceId: string, valueId: string): Promise<TagKey | null> {
    const value = await this.values.findOneBy({ workspaceId, id: valueId });
    return value && this.findKey(workspaceId, value.tagKeyId);
  }

  countValues(workspaceId: string): Promise<number> {
    return this.values.countBy({ workspaceId });
  }

  /** @throws TagValueTaken */
  async insertValue(value: Omit<TagValue, 'createdAt' | 'updatedAt'>): Promise<void> {
    if (!(await insertUnlessTaken(this.values, value))) throw new TagValueTaken();
  }

  /** @throws TagValueTaken */
  async updateValue(workspaceId: string, id: string, changes: Partial<TagValueContent>): Promise<void> {
    const update = this.values.update({ workspaceId, id }, { ...changes, updatedAt: () => 'now()' });
    await mapViolations(update, VALUE_TAKEN);
  }

  async removeValue(workspaceId: string, id: string): Promise<void> {
    await this.values.delete({ workspaceId, id });
  }

  keysWithValues(workspaceId: string): ListQuery<KeyWithValues> {
    return { statement: KEYS_WITH_VALUES, values: [workspaceId] };
  }

  /** Of one value, or of all if `valueId` is null. */
  taggedResources(workspaceId: string, valueId: string | null): ListQuery<TaggedResources> {
    return { statement: TAGGED_RESOURCES, values: [workspaceId, valueId] };
  }

  /** By resource, key and value. */
  listOfResources(workspaceId: string, resources: readonly Resource[]): Promise<TagOfResource[]> {
    const [types, ids] = [resources.map(({ type }) => type), resources.map(({ id }) => id)];
    return this.sql.rows<TagOfResource>(TAGS_OF_RESOURCES, [workspaceId, types, ids]);
  }

  /** Counts those of the workspace up to `most`. */
  countTaggings(workspaceId: string, { type, id }: Resource, most: number) {
    return this.sql.one<{ ofResource: number; inWorkspace: number }>(COUNT, [workspaceId, type, id, most]);
  }

  findTagging(workspaceId: string, tagValueId: string, { type, id }: Resource): Promise<Tagging | null> {
    return this.taggings.findOneBy({ workspaceId, tagValueId, resourceType: type, resourceId: id });
  }

  findTaggingById(workspaceId: string, id: string): Promise<Tagging | null> {
    return this.taggings.findOneBy({ workspaceId, id });
  }

  async insertTagging(tagging: Omit<Tagging, 'createdAt'>): Promise<void> {
    await this.taggings.insert(tagging);
  }

  async removeTagging(workspaceId: string, id: string): Promise<void> {
    await this.taggings.delete({ workspaceId, id });
  }
}

/** A value as JSON, with the times as text. */
const VALUE = `jsonb_build_object('id', v.id, 'tagKeyId', v.tag_key_id, 'value', v.value,
  'description', v.description, 'createdAt', v.created_at, 'updatedAt', v.updated_at)`;
const KEY = `k.id, k.key, k.description, k.created_at as "createdAt", k.updated_at as "updatedAt"`;

/** Every key with its values. $1: workspace. */
const KEYS_WITH_VALUES: Statement = named('taggings_keys_with_values')`
  select ${KEY}, coalesce(
    (select jsonb_agg(${VALUE} order by v.value) from tag_values v
     where v.tag_key_id = k.id and v.workspace_id = k.workspace_id), '[]') as values
  from tag_keys k where k.workspace_id = $1 order by k.key`;

/** Every tagging of the resources, with value and key. $1: workspace, $2 and $3: types and ids of the resources. */
const TAGS_OF_RESOURCES: Statement = named('taggings_of_resources')`
  select ${KEY}, ${VALUE} as value, jsonb_build_object('id', t.id, 'tagValueId', t.tag_value_id,
    'resourceType', t.resource_type, 'resourceId', t.resource_id, 'createdAt', t.created_at) as tagging
  from (select distinct type, id from unnest($2::text[], $3::uuid[]) as resource (type, id)) wanted
  join taggings t on t.workspace_id = $1 and t.resource_id = wanted.id and t.resource_type = wanted.type
  join tag_values v on v.id = t.tag_value_id
  join tag_keys k on k.id = v.tag_key_id
  order by t.resource_id, k.key, v.value, t.created_at, t.id`;

/** Every value that is in use, with the resources that have it. $1: workspace, $2: value, or null for all of them. */
const TAGGED_RESOURCES: Statement = named('taggings_by_value')`
  select k.id as "tagKeyId", k.key, v.id as "tagValueId", v.value, (
    select jsonb_agg(jsonb_build_object('id', t.id, 'resourceType', t.resource_type, 'resourceId', t.resource_id)
      order by t.created_at, t.id)
    from taggings t where t.tag_value_id = v.id and t.workspace_id = v.workspace_id) as taggings
  from tag_values v join tag_keys k on k.id = v.tag_key_id
  where v.workspace_id = $1 and ($2::uuid is null or v.id = $2)
    and exists (select from taggings t where t.tag_value_id = v.id and t.workspace_id = v.workspace_id)
  order by k.key, v.value`;

/** $1: workspace, $2 and $3: type and id of the resource, $4: where to stop counting. */
const COUNT: Statement = named('taggings_count')`
  select
    (select count(*)::int from taggings
     where workspace_id = $1 and resource_id = $3 and resource_type = $2) as "ofResource",
    (select count(*)::int from (select from taggings where workspace_id = $1 limit $4) t) as "inWorkspace"`;
