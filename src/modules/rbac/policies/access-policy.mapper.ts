import type {
  AccessCondition,
  AccessConditionGroup,
  AccessPolicy as AccessPolicyOnTheWire,
} from '../../../contract/access-policies.js';
import type { AttachedPolicy } from './access-policies.repository.js';
import type { Condition, ConditionGroup } from './condition.js';

export const toAccessPolicy = ({ policy, roleIds }: AttachedPolicy): AccessPolicyOnTheWire => ({
  id: policy.id,
  name: policy.name,
  description: policy.description,
  effect: policy.effect,
  condition_groups: policy.conditionGroups.map(toConditionGroup),
  role_ids: roleIds,
  created_at: policy.createdAt.toISOString(),
  updated_at: policy.updatedAt.toISOString(),
});

const toConditionGroup = (group: ConditionGroup): AccessConditionGroup => ({
  permission: group.permission,
  resource_type: group.resourceType,
  conditions: group.conditions.map(toCondition),
});

const toCondition = ({ tagKey, operator, value }: Condition): AccessCondition => ({
  attribute_name: 'resource_tag_key',
  attribute_key: tagKey,
  operator,
  attribute_value: value,
});
