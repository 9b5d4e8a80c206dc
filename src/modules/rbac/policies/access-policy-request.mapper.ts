import { permissionScope, type WorkspacePermission } from '../../../common/access/permissions.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/validation-failed.js';
import type {
  AccessCondition,
  AccessConditionGroup,
  AttachAccessPoliciesPayload,
  CreateAccessPolicyPayload,
} from '../../../contract/access-policies.js';
import type { PolicyDesign } from './access-policies.service.js';
import type { Condition, ConditionGroup, Effect } from './condition.js';

type Loc = Problem['loc'];

/**
 * In characters or entries. Together they bound what one policy can cost when it is stored and evaluated: patterns made
 * to be slow take some milliseconds.
 */
const LONGEST = { name: 200, description: 1000, resourceType: 100, tagKey: 128, tagValue: 128 };
const MOST = { groups: 20, conditions: 10, ids: 100 };

/** The published description makes every field optional; what a policy needs all the same is asked for here. */
export function fromCreatePayload(body: CreateAccessPolicyPayload): PolicyDesign & { roleIds: string[] } {
  const check = new Check();
  const request = {
    name: check.text(body.name, ['body', 'name'], LONGEST.name),
    description: check.length(body.description ?? '', ['body', 'description'], LONGEST.description),
    effect: effectOf(body.effect, check),
    conditionGroups: check
      .list(body.condition_groups, ['body', 'condition_groups'], MOST.groups)
      .map((group, index) => groupOf(group, ['body', 'condition_groups', index], check)),
    roleIds: idsOf(check.most(body.role_ids ?? [], ['body', 'role_ids'], MOST.ids)),
  };
  check.finish();
  return request;
}

/** The ids of the policies to attach; at least one. */
export function fromAttachPayload(body: AttachAccessPoliciesPayload): string[] {
  const check = new Check();
  const ids = idsOf(check.list(body.access_policy_ids, ['body', 'access_policy_ids'], MOST.ids));
  check.finish();
  return ids;
}

function effectOf(effect: string | undefined, check: Check): Effect {
  const given = check.text(effect, ['body', 'effect'], Infinity);
  if (given === 'allow' || given === 'deny') return given;
  if (given) check.report(['body', 'effect'], "Input should be 'allow' or 'deny'");
  return 'deny'; // never used: a problem was reported
}

const groupOf = (group: AccessConditionGroup, loc: Loc, check: Check): ConditionGroup => ({
  permission: permissionOf(group, [...loc, 'permission'], check),
  resourceType: check.text(group.resource_type, [...loc, 'resource_type'], LONGEST.resourceType),
  conditions: check
    .list(group.conditions, [...loc, 'conditions'], MOST.conditions)
    .map((condition, index) => conditionOf(condition, [...loc, 'conditions', index], check)),
});

const conditionOf = (condition: AccessCondition, loc: Loc, check: Check): Condition => {
  check.given(condition.attribute_name, [...loc, 'attribute_name']);
  return {
    tagKey: check.text(condition.attribute_key, [...loc, 'attribute_key'], LONGEST.tagKey),
    operator: check.given(condition.operator, [...loc, 'operator']),
    value: check.text(condition.attribute_value, [...loc, 'attribute_value'], LONGEST.tagValue),
  };
};

function permissionOf({ permission }: AccessConditionGroup, loc: Loc, check: Check): WorkspacePermission {
  const given = check.given(permission, loc);
  if (given && permissionScope(given) !== 'workspace')
    check.report(loc, 'Policies are about workspace permissions only');
  return given as WorkspacePermission;
}

const idsOf = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => id.toLowerCase()))];

/** Goes through a body and collects every problem, each with its place. What it returns is good once `finish` has passed. */
class Check {
  private readonly problems: Problem[] = [];

  report(loc: Loc, msg: string, type = 'value_error'): void {
    this.problems.push({ loc, msg, type });
  }

  given<T>(value: T | undefined, loc: Loc): T {
    if (value === undefined) this.report(loc, 'Field required', 'missing');
    return value as T;
  }

  /** More than blanks. */
  text(value: string | undefined, loc: Loc, longest: number): string {
    const text = this.given(value, loc);
    if (text?.trim() === '') this.report(loc, 'String should not be blank', 'string_too_short');
    return this.length(text, loc, longest);
  }

  length(text: string | undefined, loc: Loc, longest: number): string {
    if (text && text.length > longest)
      this.report(loc, `String should have at most ${longest} characters`, 'string_too_long');
    return text ?? '';
  }

  /** Some, and no more than `most`. */
  list<T>(items: readonly T[] | undefined, loc: Loc, most: number): readonly T[] {
    if (items?.length === 0) this.report(loc, 'List should have at least 1 item', 'too_short');
    return this.most(this.given(items, loc) ?? [], loc, most);
  }

  most<T>(items: readonly T[], loc: Loc, most: number): readonly T[] {
    if (items.length > most) this.report(loc, `List should have at most ${most} items`, 'too_long');
    return items;
  }

  finish(): void {
    if (this.problems.length > 0) throw new ValidationFailed(this.problems);
  }
}
