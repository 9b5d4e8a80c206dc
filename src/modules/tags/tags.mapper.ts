import {
  RESOURCE_TYPES,
  type ResourceType,
  type Tagging as TaggingOnTheWire,
  TaggingsByResourceType,
  type TaggingsResponse,
  type TagKey as TagKeyOnTheWire,
  type TagKeyCreate,
  type TagKeyUpdate,
  type TagKeyWithValues,
  type TagKeyWithValuesAndTaggings,
  type TagValue as TagValueOnTheWire,
  type TagValueCreate,
  type TagValueUpdate,
  type TagValueWithTaggings,
} from '../../contract/tags.js';
import { first } from '../../common/collections.js';
import { defaultsOf } from '../../common/http/operations/fields.decorator.js';
import type { TagKeyContent, TagValueContent } from './tag-keys.repository.js';
import type { Tagging } from './entities.js';
import type { KeyWithValues, TaggedResources, TagOfResource, ValueInJson } from './taggings.repository.js';

type Described = { description: string | null };
type Timed = { createdAt: Date | string; updatedAt: Date | string };

const toInstant = (time: Date | string) => new Date(time).toISOString();
const times = ({ createdAt, updatedAt }: Timed) => ({
  created_at: toInstant(createdAt),
  updated_at: toInstant(updatedAt),
});

export const toTagKey = ({
  id,
  key,
  description,
  ...row
}: { id: string; key: string } & Described & Timed): TagKeyOnTheWire => ({
  id,
  key,
  description,
  ...times(row),
});

export const toTagValue = ({
  id,
  tagKeyId,
  value,
  description,
  ...row
}: { id: string; tagKeyId: string; value: string } & Described & Timed): TagValueOnTheWire => ({
  id,
  tag_key_id: tagKeyId,
  value,
  description,
  ...times(row),
});

export const toTagging = (row: Tagging): TaggingOnTheWire => ({
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
  taggings: tags.map((tag) => toTagging(taggingOf(tag, tag.value))),
});

const taggingOf = (tag: TagOfResource, { id }: ValueInJson) =>
  ({
    id: tag.taggingId,
    tagValueId: id,
    resourceType: tag.resourceType,
    resourceId: tag.resourceId,
    createdAt: tag.taggedAt,
  }) as Tagging;

/** By the ids of the resources; each requested one has an entry. */
export function toTagsOfResources(
  ids: readonly string[],
  tags: readonly TagOfResource[],
): Record<string, TagKeyWithValuesAndTaggings[]> {
  const byResource = Map.groupBy(tags, ({ resourceId }) => resourceId);
  return Object.fromEntries(ids.map((id) => [id, toTagsOfResource(byResource.get(id) ?? [])]));
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

export const fromTagKeyCreate = ({ key, description }: TagKeyCreate): TagKeyContent => ({
  key,
  description: description ?? null,
});

/** A key or value cannot be removed, so null leaves it unchanged. */
export const fromTagKeyUpdate = ({ key, description }: TagKeyUpdate): Partial<TagKeyContent> => ({
  ...(key === undefined || key === null ? {} : { key }),
  ...(description === undefined ? {} : { description }),
});

export const fromTagValueCreate = ({ value, description }: TagValueCreate): TagValueContent => ({
  value,
  description: description ?? null,
});

export const fromTagValueUpdate = ({ value, description }: TagValueUpdate): Partial<TagValueContent> => ({
  ...(value === undefined || value === null ? {} : { value }),
  ...(description === undefined ? {} : { description }),
});
