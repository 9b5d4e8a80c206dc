import { permissionScope, type WorkspacePermission } from '../../../common/access/permissions.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import { UUID, UUID_MESSAGE } from '../../../common/http/value-checks.js';
import type {
  AccessCondition,
  AccessConditionGroup,
  AttachAccessPoliciesPayload,
  CreateAccessPolicyPayload,
} from '../../../contract/access-policies.js';
import type { PolicyInput } from './access-policies.service.js';
import type { Condition, ConditionGroup, Effect } from './condition.js';

type Loc = Problem['loc'];

/**
 * In characters or entries. The limits bound the cost of storing and evaluating a policy: the slowest patterns take
 * some milliseconds.
 */
const MAX_LENGTH = { name: 200, description: 1000, resourceType: 100, tagKey: 128, tagValue: 128 };
const MAX_ITEMS = { groups: 20, conditions: 10, ids: 100 };

/** All fields are optional in the published description; the required ones are checked here. */
export function fromCreatePayload(body: CreateAccessPolicyPayload): PolicyInput & { roleIds: string[] } {
  const checker = new RequestChecker();
  const request = {
    name: checker.text(body.name, ['body', 'name'], MAX_LENGTH.name),
    description: checker.length(body.description ?? '', ['body', 'description'], MAX_LENGTH.description),
    effect: effectOf(body.effect, checker),
    conditionGroups: checker
      .list(body.condition_groups, ['body', 'condition_groups'], MAX_ITEMS.groups)
      .map((group, index) => groupOf(group, ['body', 'condition_groups', index], checker)),
    roleIds: idsOf(body.role_ids ?? [], ['body', 'role_ids'], checker),
  };
  checker.finish();
  return request;
}

/** The ids of the policies to attach; at least one. */
export function fromAttachPayload(body: AttachAccessPoliciesPayload): string[] {
  const checker = new RequestChecker();
  const loc = ['body', 'access_policy_ids'];
  const ids = idsOf(checker.list(body.access_policy_ids, loc, Infinity), loc, checker);
  checker.finish();
  return ids;
}

function effectOf(effect: string | undefined, checker: RequestChecker): Effect {
  const given = checker.text(effect, ['body', 'effect'], Infinity);
  if (given === 'allow' || given === 'deny') return given;
  if (given) checker.report(['body', 'effect'], "Input should be 'allow' or 'deny'");
  return 'deny'; // unused: a problem was reported
}

const groupOf = (group: AccessConditionGroup, loc: Loc, checker: RequestChecker): ConditionGroup => ({
  permission: permissionOf(group, [...loc, 'permission'], checker),
  resourceType: checker.text(group.resource_type, [...loc, 'resource_type'], MAX_LENGTH.resourceType),
  conditions: checker
    .list(group.conditions, [...loc, 'conditions'], MAX_ITEMS.conditions)
    .map((condition, index) => conditionOf(condition, [...loc, 'conditions', index], checker)),
});

const conditionOf = (condition: AccessCondition, loc: Loc, checker: RequestChecker): Condition => {
  checker.required(condition.attribute_name, [...loc, 'attribute_name']);
  return {
    tagKey: checker.text(condition.attribute_key, [...loc, 'attribute_key'], MAX_LENGTH.tagKey),
    operator: checker.required(condition.operator, [...loc, 'operator']),
    value: checker.text(condition.attribute_value, [...loc, 'attribute_value'], MAX_LENGTH.tagValue),
  };
};

function permissionOf(
  { permission }: AccessConditionGroup,
  loc: Loc,
  checker: RequestChecker,
): WorkspacePermission {
  const given = checker.required(permission, loc);
  if (given && permissionScope(given) !== 'workspace')
    checker.report(loc, 'Policies apply to workspace permissions only');
  return given as WorkspacePermission;
}

function idsOf(ids: readonly string[], loc: Loc, checker: RequestChecker): string[] {
  for (const [index, id] of checker.atMost(ids, loc, MAX_ITEMS.ids).entries())
    if (!UUID.test(id)) checker.report([...loc, index], UUID_MESSAGE, 'uuid_parsing');
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** Collects all problems of a body with their locations. Returned values are valid only after `finish` has returned. */
class RequestChecker {
  private readonly problems: Problem[] = [];

  report(loc: Loc, msg: string, type = 'value_error'): void {
    this.problems.push({ loc, msg, type });
  }

  required<T>(value: T | undefined, loc: Loc): T {
    if (value === undefined) this.report(loc, 'Field required', 'missing');
    return value as T;
  }

  /** Text that is not blank. */
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
    if (items?.length === 0) this.report(loc, 'List should have at least 1 item', 'too_short');
    return this.atMost(this.required(items, loc) ?? [], loc, max);
  }

  atMost<T>(items: readonly T[], loc: Loc, max: number): readonly T[] {
    if (items.length > max) this.report(loc, `List should have at most ${max} items`, 'too_long');
    return items;
  }

  finish(): void {
    if (this.problems.length > 0) throw new ValidationFailed(this.problems);
  }
}
