import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';
import { at, GROUP, groupsKey, useList } from './use-user-groups';

export type GroupPolicy = Schemas['UserGroupPolicy'];

const POLICIES = `${GROUP}/access-policies` as const;

export function useGroupPolicies(id: string) {
  const { api } = usePlace();
  return useList([id, 'policies'], (query) => dataOf(api.GET(POLICIES, { params: { ...at(id), query } })));
}

/** All policies of the organization. */
export function useAccessPolicies() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['access-policies', orgId],
    queryFn: async () =>
      (await dataOf(api.GET('/v1/platform/orgs/current/access-policies'))).access_policies ?? [],
  });
}

export function usePolicyActions(id: string) {
  const { api, orgId } = usePlace();
  const key = groupsKey(orgId);
  return {
    attach: useChange(
      (body: Schemas['UserGroupPolicyAttach']) => dataOf(api.POST(POLICIES, { params: at(id), body })),
      key,
    ),
    detach: useChange(
      ({ id: policyId, workspace_id: workspaceId }: GroupPolicy) =>
        dataOf(
          api.DELETE(`${POLICIES}/{access_policy_id}`, {
            params: {
              path: { user_group_id: id, access_policy_id: policyId },
              query: workspaceId ? { workspace_id: workspaceId } : {},
            },
          }),
        ),
      key,
    ),
  };
}
