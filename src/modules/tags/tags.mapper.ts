import {
  RESOURCE_TYPES,
  type ResourceType,
  type Tagging as TaggingOnTheWire,
  TaggingsByResourceType,
  type TaggingsResponse,
  type TagKey as TagKeyOnTheWire,
  type TagKeyWithValues,
  type TagKeyWithValuesAndTaggings,
  type TagValue as TagValueOnTheWire,
  type TagValueWithTaggings,
} from '../../contract/tags.js';
import { first } from '../../common/collections.js';
import { defaultsOf } from '../../common/http/operations/field.decorator.js';
import type { Tagging, TagKey, TagValue } from './entities.js';
import type { InJson, KeyWithValues, Resource, TaggedResources, TagOfResource } from './tags.repository.js';

/** Times in rows of JSON are text. */
const toInstant = (time: Date | string) => new Date(time).toISOString();

export const toTagKey = (row: Omit<TagKey, 'workspaceId'>): TagKeyOnTheWire => ({
  id: row.id,
  key: row.key,
  description: row.description,
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});

export const toTagValue = (row: TagValue | InJson<TagValue>): TagValueOnTheWire => ({
  id: row.id,
  tag_key_id: row.tagKeyId,
  value: row.value,
  description: row.description,
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});

export const toTagging = (row: Tagging | InJson<Tagging>): TaggingOnTheWire => ({
  id: row.id,
  tag_value_id: row.tagValueId,
  resource_type: row.resourceType as ResourceType,
  resource_id: row.resourceId,
  created_at: toInstant(row.createdAt),
});

/** Values first: the examples of the reference page take the first id of this list for that of a value. */
export const toTagKeyWithValues = (row: KeyWithValues): TagKeyWithValues => ({
  values: row.values.map(toTagValue),
  ...toTagKey(row),
});

/** The keys with the values that the resource has; `tags` are those of one resource. */
export function toTagsOfResource(tags: readonly TagOfResource[]): TagKeyWithValuesAndTaggings[] {
  const byKey = Map.groupBy(tags, ({ id }) => id);
  return [...byKey.values()].map((ofKey) => ({
    ...toTagKey(first(ofKey)),
    values: [...Map.groupBy(ofKey, ({ value }) => value.id).values()].map(toValueWithTaggings),
  }));
}

const toValueWithTaggings = (tags: readonly TagOfResource[]): TagValueWithTaggings => ({
  ...toTagValue(first(tags).value),
  taggings: tags.map(({ tagging }) => toTagging(tagging)),
});

/** By the ids of the resources; each requested one has an entry. */
export function toTagsOfResources(
  resources: readonly Resource[],
  tags: readonly TagOfResource[],
): Record<string, TagKeyWithValuesAndTaggings[]> {
  const byResource = Map.groupBy(tags, ({ tagging }) => tagging.resourceId);
  return Object.fromEntries(resources.map(({ id }) => [id, toTagsOfResource(byResource.get(id) ?? [])]));
}

/** The resources are not known here, so their name is their id (docs/contract/tags.md#resources). */
export function toTaggingsResponse(row: TaggedResources): TaggingsResponse {
  const resources = defaultsOf(TaggingsByResourceType) as TaggingsByResourceType;
  for (const type of RESOURCE_TYPES) resources[pluralOf(type)] = [];
  for (const { id, resourceType, resourceId } of row.taggings)
    resources[pluralOf(resourceType as ResourceType)]?.push({
      tagging_id: id,
      resource_id: resourceId,
      resource_name: resourceId,
    });
  return {
    tag_key: row.key,
    tag_key_id: row.tagKeyId,
    tag_value: row.value,
    tag_value_id: row.tagValueId,
    resources,
  };
}

const pluralOf = (type: ResourceType) =>
  (type === 'sandbox' ? 'sandboxes' : `${type}s`) as keyof TaggingsByResourceType;
