import {
  Instant,
  ListOf,
  Nested,
  NULLISH,
  OneOf,
  Text,
  Uuid,
  WireName,
} from '../common/http/operations/fields.decorator.js';

export const RESOURCE_TYPES = [
  'agent',
  'custom_app',
  'dashboard',
  'dataset',
  'deployment',
  'evaluator',
  'experiment',
  'fleet_integration',
  'mcp_server',
  'project',
  'prompt',
  'queue',
  'sandbox',
  'skill',
  'snapshot_name',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

const NAME = { minLength: 1, maxLength: 255, visible: true };
const DESCRIPTION = { ...NULLISH, unpublishedMaxLength: 1000 };

export class TagKeyCreate {
  @Text(NAME) key: string;
  @Text(DESCRIPTION) description?: string | null;
}

export class TagKeyUpdate {
  @Text({ ...NULLISH, ...NAME }) key?: string | null;
  @Text(DESCRIPTION) description?: string | null;
}

export class TagKey {
  @Text({ minLength: 1, maxLength: 255 }) key: string;
  @Text(NULLISH) description?: string | null;
  @Uuid() id: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}

export class TagValueCreate {
  @Text(NAME) value: string;
  @Text(DESCRIPTION) description?: string | null;
}

export class TagValueUpdate {
  @Text({ ...NULLISH, ...NAME }) value?: string | null;
  @Text(DESCRIPTION) description?: string | null;
}

export class TagValue {
  @Text({ minLength: 1, maxLength: 255 }) value: string;
  @Text(NULLISH) description?: string | null;
  @Uuid() id: string;
  @Uuid() tag_key_id: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}

export class TaggingCreate {
  @Uuid() tag_value_id: string;
  @OneOf(RESOURCE_TYPES, 'ResourceType') resource_type: ResourceType;
  @Uuid() resource_id: string;
}

export class Tagging extends TaggingCreate {
  @Uuid() id: string;
  @Instant() created_at: string;
}

export class TagValueWithTaggings extends TagValue {
  @ListOf(() => Tagging, { optional: true }) taggings?: Tagging[];
}

export class TagKeyWithValues extends TagKey {
  @ListOf(() => TagValue, { optional: true }) values?: TagValue[];
}

export class TagKeyWithValuesAndTaggings extends TagKey {
  @ListOf(() => TagValueWithTaggings, { optional: true }) values?: TagValueWithTaggings[];
}

export class ListTaggings {
  @Uuid(NULLISH) tag_value_id?: string | null;
}

/** Query of the tags of one resource. */
export class ListTagsForResource {
  @OneOf(RESOURCE_TYPES, 'ResourceType') resource_type: ResourceType;
  @Uuid() resource_id: string;
}

/** The same in a list of resources. */
export class ListTagsForResourceRequest extends ListTagsForResource {}

@WireName('Resource')
export class TaggedResource {
  @Uuid() tagging_id: string;
  @Text() resource_name: string;
  @Uuid() resource_id: string;
}

const TaggedResources = () => ListOf(() => TaggedResource, { default: [] });

export class TaggingsByResourceType {
  @TaggedResources() agents?: TaggedResource[];
  @TaggedResources() alerts?: TaggedResource[];
  @TaggedResources() custom_apps?: TaggedResource[];
  @TaggedResources() dashboards?: TaggedResource[];
  @TaggedResources() datasets?: TaggedResource[];
  @TaggedResources() deployments?: TaggedResource[];
  @TaggedResources() evaluators?: TaggedResource[];
  @TaggedResources() experiments?: TaggedResource[];
  @TaggedResources() fleet_integrations?: TaggedResource[];
  @TaggedResources() mcp_servers?: TaggedResource[];
  @TaggedResources() projects?: TaggedResource[];
  @TaggedResources() prompts?: TaggedResource[];
  @TaggedResources() queues?: TaggedResource[];
  @TaggedResources() sandboxes?: TaggedResource[];
  @TaggedResources() skills?: TaggedResource[];
  @TaggedResources() snapshot_names?: TaggedResource[];
}

export class TaggingsResponse {
  @Text() tag_key: string;
  @Uuid() tag_key_id: string;
  @Text() tag_value: string;
  @Uuid() tag_value_id: string;
  @Nested(() => TaggingsByResourceType) resources: TaggingsByResourceType;
}
