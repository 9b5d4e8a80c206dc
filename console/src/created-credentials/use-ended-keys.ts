import { usePlace } from '../shell/use-workspaces';

/** `revokeCreated`: what was created with the key or token ends, too. */
export type Deletion = { readonly id: string; readonly revokeCreated: boolean };

export const memberTokensKey = (orgId: string) => ['member-tokens', orgId];

/** The lists of which something ends with a member, a key or a token. */
export function useEndedKeys() {
  const { orgId } = usePlace();
  return [['service-keys', orgId], ['own-tokens', orgId], ['scim-tokens', orgId], memberTokensKey(orgId)];
}
