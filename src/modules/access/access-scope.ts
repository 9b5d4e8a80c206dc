import type { AccessChange } from '../../common/access/access-limits.js';
import { unique } from '../../common/collections.js';
import type { AccessScope } from './access-holdings.read-model.js';
import type { ComparedCaller } from './loaded-access.js';

/** What has to be loaded to compare the changes with what the caller holds. */
export function accessScope(caller: ComparedCaller, changes: readonly AccessChange[]): AccessScope {
  const granted = changes.flatMap(({ groups = [] }) =>
    groups.flatMap(({ before, after }) => [before, after].filter((grant) => grant !== null)),
  );
  return {
    members: [...placesOfCaller(caller, changes), ...changes.flatMap(placeOfSubject)],
    roleIds: unique([
      ...('roleId' in caller ? [caller.roleId] : []),
      ...changes.flatMap(rolesOf),
      ...granted.map(({ roleId }) => roleId),
    ]),
    policyIds: unique(granted.flatMap(({ policyIds }) => policyIds)),
    changedGroups: changes.flatMap(({ subject, workspaceId }) =>
      'memberOf' in subject && workspaceId !== null
        ? subject.memberOf.map((groupId) => ({ groupId, workspaceId }))
        : [],
    ),
  };
}

function placesOfCaller(caller: ComparedCaller, changes: readonly AccessChange[]): AccessScope['members'] {
  if (!('userId' in caller) || caller.userId === null) return [];
  const memberId = caller.userId;
  return unique(changes.flatMap(({ workspaceId }) => workspaceId ?? [])).map((workspaceId) => ({
    memberId,
    workspaceId,
  }));
}

const placeOfSubject = ({ subject, workspaceId }: AccessChange): AccessScope['members'] =>
  'memberId' in subject && workspaceId !== null ? [{ memberId: subject.memberId, workspaceId }] : [];

const rolesOf = ({ subject, roleId }: AccessChange): string[] =>
  ['roleId' in subject ? subject.roleId : null, roleId ?? null].filter((id) => id !== null);
