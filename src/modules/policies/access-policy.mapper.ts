import { ALL_WORKSPACE_PERMISSIONS } from '../../common/access/permissions.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { UUID, UUID_MESSAGE } from '../../common/http/operations/value-checks.js';
import {
  ABAC_ATTRIBUTE_NAMES,
  ABAC_OPERATORS,
  type AccessCondition,
  type AccessConditionGroup,
  type AccessPolicy as AccessPolicyOnTheWire,
  type AttachAccessPoliciesPayload,
  type CreateAccessPolicyPayload,
  type UpdateAccessPolicyPayload,
} from '../../contract/roles.js';
import { InvalidAccessPolicy } from './errors.js';
import type { AttachedPolicy, PolicyContent } from './access-policies.repository.js';
import {
  type Condition,
  type ConditionGroup,
  type Effect,
  isMeaningful,
  resourceTypeOf,
} from './condition.js';

type Loc = Problem['loc'];

/** In characters or entries, so that the slowest patterns take some milliseconds. */
const MAX_LENGTH = { name: 200, description: 1000, resourceType: 100, tagKey: 128, tagValue: 128 };
const MAX_ITEMS = { groups: 20, conditions: 10, ids: 100 };

/** All fields are optional in the published description. @throws ValidationFailed or InvalidAccessPolicy, as the other functions do */
export function fromCreatePayload(body: CreateAccessPolicyPayload): PolicyContent & { roleIds: string[] } {
  const checker = new RequestChecker();
  const request = {
    name: nameOf(body.name, checker),
    description: descriptionOf(body.description ?? '', checker),
    effect: effectOf(body.effect, checker),
    conditionGroups: groupsOf(body.condition_groups, checker),
    roleIds: idsOf(body.role_ids ?? [], ['body', 'role_ids'], checker),
  };
  checker.finish();
  return request;
}

/** Absent members stay unchanged; null removes the description. */
export function fromUpdatePayload(body: UpdateAccessPolicyPayload): Partial<PolicyContent> {
  const { name, description, effect, condition_groups: groups } = body;
  const checker = new RequestChecker();
  const changes = {
    ...(name === undefined ? {} : { name: nameOf(name, checker) }),
    ...(description === undefined ? {} : { description: descriptionOf(description ?? '', checker) }),
    ...(effect === undefined ? {} : { effect: effectOf(effect, checker) }),
    ...(groups === undefined ? {} : { conditionGroups: groupsOf(groups, checker) }),
  };
  checker.finish();
  return changes;
}

export function fromPolicyIds(
  { access_policy_ids: given }: AttachAccessPoliciesPayload,
  part: 'body' | 'query' = 'body',
): string[] {
  const checker = new RequestChecker();
  const loc = [part, 'access_policy_ids'];
  const ids = idsOf(checker.list(given, loc, Infinity), loc, checker);
  checker.finish();
  return ids;
}

const nameOf = (name: string | undefined, checker: RequestChecker) =>
  checker.text(name, ['body', 'name'], MAX_LENGTH.name);

const descriptionOf = (description: string, checker: RequestChecker) =>
  checker.length(description, ['body', 'description'], MAX_LENGTH.description);

function effectOf(effect: string | undefined, checker: RequestChecker): Effect {
  const given = checker.text(effect, ['body', 'effect'], Infinity);
  return checker.oneOf(EFFECTS, given, ['body', 'effect']);
}

const EFFECTS: readonly Effect[] = ['allow', 'deny'];

const groupsOf = (groups: readonly AccessConditionGroup[] | undefined, checker: RequestChecker) =>
  checker
    .list(groups, ['body', 'condition_groups'], MAX_ITEMS.groups)
    .map((group, index) => groupOf(group, ['body', 'condition_groups', index], checker));

function groupOf(group: AccessConditionGroup, loc: Loc, checker: RequestChecker): ConditionGroup {
  const permission = checker.required(group.permission, [...loc, 'permission']);
  const type = checker.text(group.resource_type, [...loc, 'resource_type'], MAX_LENGTH.resourceType);
  const resourceType = resourceTypeOf(type);
  return {
    permission: permissionOf(permission, resourceType, [...loc, 'permission'], checker),
    resourceType,
    conditions: checker
      .list(group.conditions, [...loc, 'conditions'], MAX_ITEMS.conditions)
      .map((condition, index) => conditionOf(condition, [...loc, 'conditions', index], checker)),
  };
}

function conditionOf(condition: AccessCondition, loc: Loc, checker: RequestChecker): Condition {
  const attribute = checker.required(condition.attribute_name, [...loc, 'attribute_name']);
  checker.oneOf(ABAC_ATTRIBUTE_NAMES, attribute, [...loc, 'attribute_name']);
  const operator = checker.required(condition.operator, [...loc, 'operator']);
  return {
    tagKey: checker.text(condition.attribute_key, [...loc, 'attribute_key'], MAX_LENGTH.tagKey),
    operator: checker.oneOf(ABAC_OPERATORS, operator, [...loc, 'operator']),
    value: checker.text(condition.attribute_value, [...loc, 'attribute_value'], MAX_LENGTH.tagValue),
  };
}

function permissionOf(given: string, resourceType: string, loc: Loc, checker: RequestChecker) {
  const permission = checker.oneOf(WORKSPACE_PERMISSIONS, given, loc, 'a workspace permission');
  if (WORKSPACE_PERMISSIONS.includes(permission) && !isMeaningful(permission, resourceType))
    checker.reject(
      loc,
      `The permission ${permission} does not concern resources of the type ${resourceType}`,
    );
  return permission;
}

const WORKSPACE_PERMISSIONS = [...ALL_WORKSPACE_PERMISSIONS];

function idsOf(ids: readonly string[], loc: Loc, checker: RequestChecker): string[] {
  for (const [index, id] of checker.atMost(ids, loc, MAX_ITEMS.ids).entries())
    if (!UUID.test(id)) checker.report([...loc, index], UUID_MESSAGE, 'uuid_parsing');
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** Collects all problems of a body with their locations. Returned values are valid only after `finish` has returned. */
class RequestChecker {
  private readonly problems: Problem[] = [];
  private isMalformed = false;

  /** A value that is well-formed and means nothing. */
  reject(loc: Loc, msg: string): void {
    this.problems.push({ loc, msg, type: 'value_error' });
  }

  report(loc: Loc, msg: string, type: string): void {
    this.isMalformed = true;
    this.problems.push({ loc, msg, type });
  }

  /** `value`, which was checked to be present, is one of `values`. */
  oneOf<T extends string>(
    values: readonly T[],
    value: string,
    loc: Loc,
    name = values.map((one) => `'${one}'`).join(' or '),
  ): T {
    if (value && !values.includes(value as T)) this.reject(loc, `Input should be ${name}`);
    return value as T;
  }

  required<T>(value: T | undefined, loc: Loc): T {
    if (value === undefined) this.report(loc, 'Field required', 'missing');
    return value as T;
  }

  text(value: string | undefined, loc: Loc, maxLength: number): string {
    const text = this.required(value, loc);
    if (text?.trim() === '') this.report(loc, 'String should not be blank', 'string_too_short');
    return this.length(text, loc, maxLength);
  }

  length(text: string | undefined, loc: Loc, maxLength: number): string {
    if (text && text.length > maxLength)
      this.report(loc, `String should have at most ${maxLength} characters`, 'string_too_long');
    return text ?? '';
  }

  /** A list with 1 to `max` items. */
  list<T>(items: readonly T[] | undefined, loc: Loc, max: number): readonly T[] {
    if (items?.length === 0) this.reject(loc, 'List should have at least 1 item');
    return this.atMost(this.required(items, loc) ?? [], loc, max);
  }

  atMost<T>(items: readonly T[], loc: Loc, max: number): readonly T[] {
    if (items.length > max) this.report(loc, `List should have at most ${max} items`, 'too_long');
    return items;
  }

  finish(): void {
    if (this.isMalformed) throw new ValidationFailed(this.problems);
    if (this.problems.length > 0) throw new InvalidAccessPolicy(this.problems);
  }
}

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
