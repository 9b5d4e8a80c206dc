import type { Statement } from '../../database/transactions/sql.js';

/** A value as JSON, with the times as text. */
const VALUE = `jsonb_build_object('id', v.id, 'tagKeyId', v.tag_key_id, 'value', v.value,
  'description', v.description, 'createdAt', v.created_at, 'updatedAt', v.updated_at)`;
const KEY = `k.id, k.key, k.description, k.created_at as "createdAt", k.updated_at as "updatedAt"`;

/** Every key with its values. $1: workspace. */
export const KEYS_WITH_VALUES: Statement = {
  name: 'taggings_keys_with_values',
  text: `
    select ${KEY}, coalesce(
      (select jsonb_agg(${VALUE} order by v.value) from tag_values v
       where v.tag_key_id = k.id and v.workspace_id = k.workspace_id), '[]') as values
    from tag_keys k where k.workspace_id = $1 order by k.key`,
};

/** Every tagging of the resources, with value and key. $1: workspace, $2 and $3: types and ids of the resources. */
export const TAGS_OF_RESOURCES: Statement = {
  name: 'taggings_of_resources',
  text: `
    select ${KEY}, ${VALUE} as value, t.id as "taggingId", t.created_at as "taggedAt",
      t.resource_type as "resourceType", t.resource_id as "resourceId"
    from (select distinct type, id from unnest($2::text[], $3::uuid[]) as resource (type, id)) wanted
    join taggings t on t.workspace_id = $1 and t.resource_id = wanted.id and t.resource_type = wanted.type
    join tag_values v on v.id = t.tag_value_id
    join tag_keys k on k.id = v.tag_key_id
    order by t.resource_id, k.key, v.value, t.created_at, t.id`,
};

/** Every value that is in use, with the resources that have it. $1: workspace, $2: value, or null for all of them. */
export const TAGGED_RESOURCES: Statement = {
  name: 'taggings_by_value',
  text: `
    select k.id as "tagKeyId", k.key, v.id as "tagValueId", v.value, (
      select jsonb_agg(jsonb_build_object('id', t.id, 'resourceType', t.resource_type, 'resourceId', t.resource_id)
        order by t.created_at, t.id)
      from taggings t where t.tag_value_id = v.id and t.workspace_id = v.workspace_id) as taggings
    from tag_values v join tag_keys k on k.id = v.tag_key_id
    where v.workspace_id = $1 and ($2::uuid is null or v.id = $2)
      and exists (select from taggings t where t.tag_value_id = v.id and t.workspace_id = v.workspace_id)
    order by k.key, v.value`,
};

/** $1: workspace, $2 and $3: type and id of the resource, $4: where to stop counting. */
export const COUNT: Statement = {
  name: 'taggings_count',
  text: `
    select
      (select count(*)::int from taggings
       where workspace_id = $1 and resource_id = $3 and resource_type = $2) as "ofResource",
      (select count(*)::int from (select from taggings where workspace_id = $1 limit $4) t) as "inWorkspace"`,
};
