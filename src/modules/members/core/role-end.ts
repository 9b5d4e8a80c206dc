import type { RightsChange } from '../../../common/access/access-limits.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import type { AuditDetails } from '../../audit/index.js';
import { changeOfEnd } from './access-ends.repository.js';

/** A role of a member. At the end it becomes the other one or, without one, the membership ends; null: it is permanent. */
export type RoleUntil = {
  readonly roleId: string;
  readonly accessExpiresAt: Date | null;
  readonly revertsToRoleId: string | null;
};

/** What a request changes about it; what is undefined stays. */
export type RequestedRole = { readonly [Field in keyof RoleUntil]?: RoleUntil[Field] | undefined };

export const END_FIELD = ['body', 'access_expires_at'];
export const REVERSION_FIELD = ['body', 'reverts_to_role_id'];

export const problemOf = (loc: Problem['loc'], msg: string): ValidationFailed =>
  new ValidationFailed([{ loc, msg, type: 'value_error' }]);

/**
 * A reversion, and the end that belonged to it, go with the temporary role.
 *
 * @throws ValidationFailed for a reversion without an end, or to the role itself
 */
export function roleAfter(before: RoleUntil, requested: RequestedRole): RoleUntil {
  const roleId = requested.roleId ?? before.roleId;
  const isOtherRole = roleId !== before.roleId;
  const isEndOfFormerRole = before.revertsToRoleId !== null && isOtherRole && !requested.revertsToRoleId;
  const keepsReversion = !isOtherRole && requested.accessExpiresAt !== null;
  const after: RoleUntil = {
    roleId,
    accessExpiresAt: either(requested.accessExpiresAt, isEndOfFormerRole ? null : before.accessExpiresAt),
    revertsToRoleId: either(requested.revertsToRoleId, keepsReversion ? before.revertsToRoleId : null),
  };
  if (after.revertsToRoleId !== null && after.accessExpiresAt === null)
    throw problemOf(REVERSION_FIELD, 'needs access_expires_at, the time from which on the role is this one');
  if (after.revertsToRoleId === after.roleId)
    throw problemOf(REVERSION_FIELD, 'must be another role than role_id');
  return after;
}

const either = <T>(requested: T | undefined, otherwise: T): T =>
  requested === undefined ? otherwise : requested;

const isSameUntil = (a: RoleUntil, b: RoleUntil): boolean =>
  changeOfEnd(a.accessExpiresAt, b.accessExpiresAt) === null && a.revertsToRoleId === b.revertsToRoleId;

/** Whether the end is written after the role: another role has cleared that of a temporary one, also if it stays. */
export const isEndWritten = (before: RoleUntil, after: RoleUntil): boolean =>
  !isSameUntil(before, after) || (after.revertsToRoleId !== null && after.roleId !== before.roleId);

/** What the change gives and takes, now and at the end (docs/contract/members.md#no-escalation). */
export function accessChanges(
  before: RoleUntil,
  after: RoleUntil,
  { memberId, workspaceId }: { memberId: string; workspaceId: string },
): RightsChange[] {
  const subject = { memberId };
  const end = changeOfEnd(before.accessExpiresAt, after.accessExpiresAt);
  const isOtherReversion = after.revertsToRoleId !== before.revertsToRoleId;
  const takesAtEnd = end === 'taken' || (before.revertsToRoleId !== null && isOtherReversion);
  return [
    { subject, workspaceId, roleId: after.roleId },
    ...(end === 'given' ? [{ subject, workspaceId, roleId: after.roleId, asNew: true }] : []),
    ...(after.accessExpiresAt !== null && takesAtEnd
      ? [{ subject, workspaceId, roleId: after.revertsToRoleId }]
      : []),
    ...(after.revertsToRoleId !== null && isOtherReversion
      ? [{ subject, workspaceId, roleId: after.revertsToRoleId, asNew: true }]
      : []),
  ];
}

/** For the entry of the change. */
export const endDetails = (before: RoleUntil, after: RoleUntil): AuditDetails =>
  isSameUntil(before, after)
    ? {}
    : {
        access_expires_at: after.accessExpiresAt?.toISOString() ?? null,
        ...(before.revertsToRoleId === null && after.revertsToRoleId === null
          ? {}
          : { reverts_to_role_id: after.revertsToRoleId }),
      };
