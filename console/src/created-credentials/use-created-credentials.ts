import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { hasApplications } from '../page/page-settings';
import { useServiceKeys } from '../keys/use-service-keys';
import { useLogStreams } from '../receivers/use-log-streams';
import { useIsOrganizationAdmin, useMay } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { useScimTokens } from '../keys/use-scim-tokens';
import { useWebhooks } from '../receivers/use-webhooks';
import { memberTokensKey } from '../keys/use-ended-keys';
import {
  createdBy,
  type Creator,
  type Credential,
  toApplication,
  toCredential,
  toReceiver,
} from './created-by';

const MOST_APPLICATIONS = 100;

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

/** Those that act for a member. Each reading is an entry of the audit log. */
function useMemberApplications(userId: string | null) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...memberTokensKey(orgId), 'applications', userId],
    queryFn: async () => {
      const query = { kind: 'application', owner: userId ?? '', limit: MOST_APPLICATIONS } as const;
      return (await dataOf(api.GET('/api/v1/orgs/current/credentials', { params: { query } }))).items;
    },
    enabled: userId !== null && hasApplications,
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
 * What the creator made and the signed-in user may see: service keys and SCIM tokens; personal access tokens and
 * applications, webhooks and log streams if asked for.
 */
export function useCreatedCredentials(creator: Creator, wanted: Wanted): Created {
  const { withTokens = false, withReceivers = false } = wanted;
  const isAdmin = useIsOrganizationAdmin();
  const seesReceivers = useMay('organization:manage') && withReceivers;
  const [webhooks, streams] = [useWebhooks(seesReceivers), useLogStreams(seesReceivers)];
  const [keys, scim, tokens] = [useServiceKeys(), useScimTokens(), useMemberTokens(withTokens && isAdmin)];
  const ofMember = withTokens && isAdmin && 'userId' in creator ? creator.userId : null;
  const applications = useMemberApplications(ofMember);
  const all = [
    ...(keys.data ?? []).map((row) => toCredential('service_key', row)),
    ...(withTokens ? (tokens.data ?? []) : [])
      .filter(({ revoked_at: revokedAt }) => !revokedAt)
      .map((row) => toCredential('personal_access_token', row)),
    ...(applications.data ?? []).map(toApplication),
    ...(scim.data ?? []).map((row) => toCredential('scim_token', row)),
    ...(seesReceivers ? (webhooks.data ?? []) : []).map((row) => toReceiver('webhook', row)),
    ...(seesReceivers ? (streams.data ?? []) : []).map((row) => toReceiver('log_stream', row)),
  ];
  return {
    credentials: createdBy(creator, all),
    isPending:
      keys.isPending ||
      scim.isPending ||
      [tokens, applications, webhooks, streams].some(({ isLoading }) => isLoading),
    isIncomplete: [keys, scim, tokens, applications, webhooks, streams].some(({ isError }) => isError),
    hidesTokens: withTokens && !isAdmin,
  };
}
