import type { TestSignInResult } from '../../../../contract/sign-in.js';
import type { TestOutcome } from './test-outcome.js';

type Outcome = Omit<TestSignInResult, 'test_id' | 'expires_at'>;

export const toTestSignInResult = (outcome: TestOutcome): Outcome => ({
  status: outcome.status,
  failure: outcome.failure && { ...outcome.failure },
  claims: outcome.claims.map(({ usedFor, name, value }) => ({ used_for: usedFor, name, value })),
  other_claims: [...outcome.otherClaims],
  rule: outcome.rule,
  account: outcome.account,
  user_id: outcome.userId,
  defaults: outcome.defaults,
  rights: outcome.rights.map((right) => ({
    workspace_id: right.workspaceId,
    workspace_name: right.workspaceName,
    role_id: right.roleId,
    role_name: right.roleName,
    source: right.source,
    change: right.change,
  })),
  groups_state: outcome.groupsState,
  groups: outcome.groups.map((group) => ({
    name: group.name,
    meaning: group.meaning,
    workspace_id: group.workspaceId,
    workspace_name: group.workspaceName,
    role_id: group.roleId,
    role_name: group.roleName,
    is_followed: group.isFollowed,
  })),
});
