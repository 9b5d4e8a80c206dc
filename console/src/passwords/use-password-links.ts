import { useMutation, useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { consolePath } from '../page/page-settings';
import { usePlace } from '../session/use-workspaces';

export type LinkInfo = Schemas['PasswordLinkInfo'];

/** Whose link it is, and whether it works. */
export const useLinkInfo = (token: string) =>
  useQuery({
    queryKey: ['password-link', token],
    queryFn: () => dataOf(apiIn({}).POST('/api/v1/login/password-link/check', { body: { token } })),
    staleTime: Infinity,
    gcTime: 0,
  });

export const useRequestLink = () =>
  useMutation({
    mutationFn: (email: string) => dataOf(apiIn({}).POST('/api/v1/login/password-link', { body: { email } })),
  });

export const setPassword = (body: Schemas['PasswordByLink']) =>
  dataOf(apiIn({}).POST('/api/v1/login/password', { body }));

const MEMBERS = '/api/v1/orgs/current/members/{identity_id}';

/** Of a member, or of an open invitation. The server shows the link only now. */
export function useCreateLink(kind: 'member' | 'invitation') {
  const { api } = usePlace();
  return useMutation({
    mutationFn: async (id: string) => {
      const at = { params: { path: { identity_id: id } } };
      const {
        token,
        url,
        expires_at: end,
      } = await dataOf(
        kind === 'member'
          ? api.POST(`${MEMBERS}/password-link`, at)
          : api.POST(`${MEMBERS}/pending/password-link`, at),
      );
      return { url: url ?? `${location.origin}${consolePath}/set-password#token=${token}`, end };
    },
    gcTime: 0,
  });
}
