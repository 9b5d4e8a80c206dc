import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { usePlace } from '../session/use-workspaces';

export type Requirement = { readonly acr: string[]; readonly amr: string[]; readonly age: number | null };

/** How many sessions and access tokens of weaker sign-ins remain if this is required. */
export function useWeakerSignIns({ acr, amr, age }: Requirement) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['weaker-sign-ins', orgId, acr, amr, age],
    queryFn: () => {
      const body = { required_acr: acr, required_amr: amr, max_authentication_age: age };
      return dataOf(api.POST('/api/v1/orgs/current/credentials/weaker-sign-ins', { body }));
    },
    placeholderData: keepPreviousData,
  });
}
