import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { useServiceKeys } from '../service-keys/use-service-keys';
import { useIsOrganizationAdmin } from '../shell/use-organization';
import { usePlace } from '../shell/use-workspaces';
import { useScimTokens } from '../provisioning/use-scim';
import { memberTokensKey } from './use-ended-keys';
import { createdBy, type Creator, type Credential, toCredential } from './created-by';

/** The tokens of all members. Each reading is an entry of the audit log. */
function useMemberTokens(isNeeded: boolean) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: memberTokensKey(orgId),
    queryFn: () => dataOf(api.GET('/api/v1/orgs/current/members/personal-access-tokens')),
    enabled: isNeeded,
    refetchOnWindowFocus: false,
  });
}

type Created = {
  readonly credentials: readonly Credential[];
  readonly isPending: boolean;
  readonly isIncomplete: boolean;
  /** Tokens belong to it, too, and this user may not see them. */
  readonly hidesTokens: boolean;
};

/** What the creator made, of what the signed-in user may see. `withTokens`: personal access tokens, too. */
export function useCreatedCredentials(creator: Creator, withTokens: boolean): Created {
  const isAdmin = useIsOrganizationAdmin();
  const [keys, scim, tokens] = [useServiceKeys(), useScimTokens(), useMemberTokens(withTokens && isAdmin)];
  const all = [
    ...(keys.data ?? []).map((row) => toCredential('service_key', row)),
    ...(withTokens ? (tokens.data ?? []) : [])
      .filter(({ revoked_at: revokedAt }) => !revokedAt)
      .map((row) => toCredential('personal_access_token', row)),
    ...(scim.data ?? []).map((row) => toCredential('scim_token', row)),
  ];
  return {
    credentials: createdBy(creator, all),
    isPending: keys.isPending || scim.isPending || tokens.isLoading,
    isIncomplete: keys.isError || scim.isError || tokens.isError,
    hidesTokens: withTokens && !isAdmin,
  };
}
