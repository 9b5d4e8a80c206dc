import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../common/access/permissions.js';
import {
  type ComparedChange,
  findExcess,
  type HeldGrant,
  type Holdings,
  holdingsOf,
  type PolicyContent,
} from './access-comparison.js';

const policy = (
  id: string,
  effect: PolicyContent['effect'],
  ...permissions: Permission[]
): PolicyContent => ({
  id,
  name: id,
  effect,
  permissions,
});
const SHARE = policy('allow sharing', 'allow', 'datasets:share');
const DELETE = policy('allow deleting', 'allow', 'datasets:delete');
const NO_READING = policy('deny reading', 'deny', 'runs:read');
const NO_DELETING = policy('deny deleting', 'deny', 'datasets:delete');

/** `is`: the permissions and policies of the role. */
const own = (...is: (Permission | PolicyContent)[]): HeldGrant => ({
  role: {
    id: is.map((part) => (typeof part === 'string' ? part : part.id)).join(),
    displayName: 'Role',
    permissions: new Set(is.filter((part) => typeof part === 'string')),
    policies: is.filter((part) => typeof part !== 'string'),
    isRestricted: false,
  },
  groupName: null,
  groupPolicies: [],
});
const group = (role: HeldGrant, ...groupPolicies: PolicyContent[]): HeldGrant => ({
  ...role,
  groupName: 'Team',
  groupPolicies,
});
const restricted = (role: HeldGrant): HeldGrant => ({ ...role, role: { ...role.role, isRestricted: true } });

type Parts = { from?: HeldGrant | null; to?: HeldGrant | null; groups?: HeldGrant[] };

/** A change of the own role; without one the subject is no member, before or afterwards. */
const role = ({ from = null, to = null, groups = [] }: Parts): ComparedChange => ({
  before: from && [from, ...groups],
  after: to && [to, ...groups],
  replaced: [{ from, to }],
});
/** A change of what a group gives to a subject with the role `has`, who counts as a member of the workspace. */
const inGroup = ({ from = null, to = null, groups = [] }: Parts, has?: HeldGrant): ComparedChange => {
  const kept = [...(has ? [has] : []), ...groups];
  return {
    before: [...kept, ...(from ? [from] : [])],
    after: [...kept, ...(to ? [to] : [])],
    replaced: [{ from, to }],
  };
};

const READER = own('runs:read');
const WRITER = own('runs:read', 'runs:create');
const caller = (...grants: HeldGrant[]): Holdings => holdingsOf(grants);
const asReader = caller(READER);
const asWriter = caller(WRITER);

type Row = [what: string, caller: Holdings, change: ComparedChange, reason: string | null];

const ASSIGNED: Row[] = [
  ['the own role', asReader, role({ to: READER }), null],
  ['a role with a permission that is not held', asReader, role({ to: WRITER }), 'assigned'],
  [
    'such a role to somebody who has it by a group',
    asReader,
    role({ to: WRITER, groups: [group(WRITER)] }),
    'assigned',
  ],
  ['a role with a policy that allows more', asReader, role({ to: own('runs:read', SHARE) }), 'assigned'],
  [
    'a role with a policy that allows what is held',
    caller(own('runs:read', 'datasets:share')),
    role({ to: own('runs:read', SHARE) }),
    null,
  ],
  [
    'the own role with its policies',
    caller(own('runs:read', SHARE, NO_READING)),
    role({ to: own('runs:read', SHARE, NO_READING) }),
    null,
  ],
  [
    'a permission held by an allow policy only',
    caller(own('runs:read', SHARE)),
    role({ to: own('datasets:share') }),
    'assigned',
  ],
  [
    'another policy that allows the same',
    caller(own('runs:read', SHARE)),
    role({ to: own(policy('other', 'allow', 'datasets:share')) }),
    'assigned',
  ],
  [
    'the role that the subject has',
    asReader,
    role({ from: own('runs:delete'), to: own('runs:delete') }),
    null,
  ],
  [
    'a higher role to a member with a stronger group',
    asWriter,
    role({ from: READER, to: WRITER, groups: [group(own('runs:delete'))] }),
    null,
  ],
  ['a group role that is not held', asReader, inGroup({ to: group(WRITER) }, WRITER), 'assigned'],
  ['a group with a policy that allows more', asReader, inGroup({ to: group(READER, SHARE) }), 'assigned'],
  [
    'a further policy that allows more to a group',
    asReader,
    inGroup({ from: group(READER), to: group(READER, SHARE) }),
    'assigned',
  ],
  [
    'a role to a group that keeps a policy',
    asReader,
    inGroup({ from: group(own('runs:delete'), SHARE), to: group(READER, SHARE) }),
    'taken',
  ],
  [
    'a higher role to a group that keeps a policy',
    asWriter,
    inGroup({ from: group(READER, SHARE), to: group(WRITER, SHARE) }),
    null,
  ],
  [
    'a restricted role without workspaces:manage',
    asReader,
    role({ to: restricted(READER) }),
    'restricted-role',
  ],
  [
    'a restricted role with workspaces:manage',
    caller(own('runs:read', 'workspaces:manage')),
    role({ to: restricted(READER) }),
    null,
  ],
  [
    'a restricted role that the subject has',
    asReader,
    role({ from: restricted(READER), to: restricted(READER) }),
    null,
  ],
];

const SWITCHED_ON: Row[] = [
  [
    'a membership to somebody in a weaker group',
    asWriter,
    role({ to: READER, groups: [group(WRITER)] }),
    null,
  ],
  [
    'a membership to somebody in a stronger group',
    asReader,
    role({ to: READER, groups: [group(WRITER)] }),
    'switched-on',
  ],
  [
    'a membership that switches on an allow policy',
    asReader,
    role({ to: READER, groups: [group(READER, SHARE)] }),
    'switched-on',
  ],
  [
    'a membership that switches on a policy of a group’s role',
    asReader,
    role({ to: READER, groups: [group(own('runs:read', SHARE))] }),
    'switched-on',
  ],
  [
    'a membership that switches on a restricted role',
    asReader,
    role({ to: READER, groups: [group(restricted(READER))] }),
    null,
  ],
  [
    'a membership that switches on a deny policy',
    asReader,
    role({ to: READER, groups: [group(READER, NO_READING)] }),
    null,
  ],
];

const DENIED = own('runs:read', NO_READING);
const DENIALS: Row[] = [
  ['a role without a deny policy', asReader, role({ from: DENIED, to: READER }), null],
  [
    'the end of a deny policy that applies to the caller',
    caller(DENIED),
    role({ from: DENIED, to: READER }),
    'deny-policy-ends',
  ],
  [
    'the end of a deny policy about a permission that is not held',
    asReader,
    role({
      from: own('runs:read', NO_DELETING),
      to: READER,
      groups: [group(own('runs:read', 'datasets:delete'))],
    }),
    'deny-policy-ends',
  ],
  [
    'the end of a deny policy where a policy allows the permission',
    asReader,
    role({ from: own('runs:read', NO_DELETING), to: READER, groups: [group(READER, DELETE)] }),
    'deny-policy-ends',
  ],
  [
    'the end of a deny policy about what the subject has not',
    asReader,
    role({ from: own('runs:read', NO_DELETING), to: READER }),
    null,
  ],
  [
    'the end of a deny policy that a group has, too',
    caller(DENIED),
    role({ from: DENIED, to: READER, groups: [group(READER, NO_READING)] }),
    null,
  ],
  [
    'a removal from a group with a deny policy',
    caller(DENIED),
    inGroup({ from: group(READER, NO_READING) }, READER),
    'deny-policy-ends',
  ],
  [
    'a permission that a policy denies the caller',
    caller(DENIED),
    role({ to: READER }),
    'deny-policy-of-caller',
  ],
  [
    'such a permission to somebody whose group has the policy',
    caller(DENIED),
    role({ to: READER, groups: [group(READER, NO_READING)] }),
    null,
  ],
  ['such a permission by a group', caller(DENIED), inGroup({ to: group(READER) }), 'deny-policy-of-caller'],
  [
    'such a permission by an allow policy',
    caller(own('runs:create', 'runs:read', NO_READING)),
    role({ to: own(policy('p', 'allow', 'runs:read')) }),
    'deny-policy-of-caller',
  ],
  [
    'a permission that no policy denies the caller',
    caller(own('runs:read', 'runs:create', NO_READING)),
    role({ to: own('runs:create') }),
    null,
  ],
];

const TAKEN: Row[] = [
  ['a lower role to a weaker member', asWriter, role({ from: WRITER, to: READER }), null],
  ['a lower role to a stronger member', asReader, role({ from: WRITER, to: READER }), 'taken'],
  [
    'a removal of a member who is stronger by a group',
    asReader,
    role({ from: READER, groups: [group(WRITER)] }),
    'taken',
  ],
  [
    'a removal of a member with a policy that allows more',
    asReader,
    role({ from: own('runs:read', SHARE) }),
    'taken',
  ],
  [
    'a removal of a member with the policies of the caller',
    caller(own('runs:read', SHARE)),
    role({ from: own('runs:read', SHARE) }),
    null,
  ],
  ['a removal of a member with a deny policy', asReader, role({ from: own('runs:read', NO_DELETING) }), null],
  [
    'a deny policy more to a stronger member',
    asReader,
    role({ from: READER, to: own('runs:read', NO_DELETING), groups: [group(WRITER)] }),
    'taken',
  ],
  [
    'an allow policy less to a stronger member',
    asReader,
    role({ from: own('runs:read', SHARE), to: READER }),
    'taken',
  ],
  [
    'a policy of a group that allows more than the caller holds, less',
    asReader,
    inGroup({ from: group(READER, SHARE), to: group(READER) }),
    'taken',
  ],
  [
    'a policy of a group that applies to the caller, less for a stronger member',
    caller(own('runs:read', SHARE)),
    inGroup({ from: group(READER, SHARE), to: group(READER) }, WRITER),
    null,
  ],
  [
    'a policy of a group that allows, more for a stronger member',
    caller(own('runs:read', SHARE)),
    inGroup({ from: group(READER), to: group(READER, SHARE) }, WRITER),
    null,
  ],
  [
    'a policy of a group that denies, more for a stronger member',
    asReader,
    inGroup({ from: group(READER), to: group(READER, NO_READING) }, WRITER),
    null,
  ],
  [
    'a removal of a stronger member from a weaker group',
    asReader,
    inGroup({ from: group(READER) }, WRITER),
    'taken',
  ],
  ['the end of a pending invitation with a weaker role', asWriter, role({ from: READER }), null],
];

describe.each<[string, Row[]]>([
  ['what is assigned', ASSIGNED],
  ['what a membership switches on', SWITCHED_ON],
  ['deny policies', DENIALS],
  ['what is taken', TAKEN],
])('a comparison of %s', (_, rows) => {
  it.each(rows)('returns the reason, or null, for %s', (_what, holdings, change, reason) => {
    expect(findExcess(holdings, change)?.reason ?? null).toBe(reason);
  });
});

it('names the permissions, the policy and the group that exceed', () => {
  const byGroup = group(READER, DELETE);

  const found = findExcess(asReader, role({ to: READER, groups: [byGroup] }));

  expect(found).toEqual({
    reason: 'switched-on',
    grant: byGroup,
    policy: DELETE,
    permissions: ['datasets:delete'],
  });
});
