import type { Permission } from '../../common/access/permissions.js';

export type PolicyContent = {
  readonly id: string;
  readonly name: string;
  readonly effect: 'allow' | 'deny';
  readonly permissions: readonly Permission[];
};

export type RoleContent = {
  readonly id: string;
  readonly displayName: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Attached to the role. */
  readonly policies: readonly PolicyContent[];
  readonly isRestricted: boolean;
};

/** A role in a workspace: the own one (`groupName` null), or that of a user group with the policies of the group. */
export type HeldGrant = {
  readonly role: RoleContent;
  readonly groupName: string | null;
  readonly groupPolicies: readonly PolicyContent[];
};

/** What a member holds in a workspace; conditions of policies are not considered. */
export type Holdings = {
  readonly permissions: ReadonlySet<Permission>;
  readonly allow: ReadonlyMap<string, PolicyContent>;
  readonly deny: ReadonlyMap<string, PolicyContent>;
};

export const policiesOf = ({ role, groupPolicies }: HeldGrant): readonly PolicyContent[] => [
  ...role.policies,
  ...groupPolicies,
];

export function holdingsOf(grants: readonly HeldGrant[]): Holdings {
  const policies = grants.flatMap(policiesOf);
  const withEffect = (effect: PolicyContent['effect']) =>
    new Map(policies.filter((policy) => policy.effect === effect).map((policy) => [policy.id, policy]));
  return {
    permissions: new Set(grants.flatMap(({ role }) => [...role.permissions])),
    allow: withEffect('allow'),
    deny: withEffect('deny'),
  };
}
