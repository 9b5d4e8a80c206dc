import { usePlace } from '../session/use-workspaces';

/** `revokeCreated`: what was created with the key or token ends, too. */
export type Deletion = { readonly id: string; readonly revokeCreated: boolean };

export const memberTokensKey = (orgId: string) => ['member-tokens', orgId];

/** The lists that lose entries with a member, a key or a token. */
export function useEndedKeys() {
  const { orgId } = usePlace();
  const lists = ['service-keys', 'own-tokens', 'scim-tokens', 'webhooks', 'log-streams'];
  return [...lists.map((list) => [list, orgId]), memberTokensKey(orgId)];
}
