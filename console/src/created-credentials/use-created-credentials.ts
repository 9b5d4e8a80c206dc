import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { useServiceKeys } from '../keys/use-service-keys';
import { useLogStreams } from '../receivers/use-log-streams';
import { useIsOrganizationAdmin, useMay } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { useScimTokens } from '../keys/use-scim-tokens';
import { useWebhooks } from '../receivers/use-webhooks';
import { memberTokensKey } from '../keys/use-ended-keys';
import { createdBy, type Creator, type Credential, toCredential, toReceiver } from './created-by';

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
  /** There are tokens, too, which this user may not see. */
  readonly hidesTokens: boolean;
};

type Wanted = { readonly withTokens?: boolean; readonly withReceivers?: boolean };

/**
 * What the creator made and the signed-in user may see: service keys and SCIM tokens; personal access tokens, webhooks
 * and log streams if asked for.
 */
export function useCreatedCredentials(creator: Creator, wanted: Wanted): Created {
  const { withTokens = false, withReceivers = false } = wanted;
  const isAdmin = useIsOrganizationAdmin();
  const seesReceivers = useMay('organization:manage') && withReceivers;
  const [webhooks, streams] = [useWebhooks(seesReceivers), useLogStreams(seesReceivers)];
  const [keys, scim, tokens] = [useServiceKeys(), useScimTokens(), useMemberTokens(withTokens && isAdmin)];
  const all = [
    ...(keys.data ?? []).map((row) => toCredential('service_key', row)),
    ...(withTokens ? (tokens.data ?? []) : [])
      .filter(({ revoked_at: revokedAt }) => !revokedAt)
      .map((row) => toCredential('personal_access_token', row)),
    ...(scim.data ?? []).map((row) => toCredential('scim_token', row)),
    ...(seesReceivers ? (webhooks.data ?? []) : []).map((row) => toReceiver('webhook', row)),
    ...(seesReceivers ? (streams.data ?? []) : []).map((row) => toReceiver('log_stream', row)),
  ];
  return {
    credentials: createdBy(creator, all),
    isPending:
      keys.isPending || scim.isPending || [tokens, webhooks, streams].some(({ isLoading }) => isLoading),
    isIncomplete: [keys, scim, tokens, webhooks, streams].some(({ isError }) => isError),
    hidesTokens: withTokens && !isAdmin,
  };
}
