import { useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';

export type OwnApplication = Schemas['AuthorizedApp'];

const PATH = '/v1/platform/oauth/authorized-apps';
const KEY = ['own-applications'];

/** In all organizations, the one allowed last first. */
export const useOwnApplications = () =>
  useQuery({ queryKey: KEY, queryFn: () => dataOf(apiIn({}).GET(PATH)), staleTime: 0 });

/** Elsewhere it stays. */
export const useRevokeApplication = () =>
  useChange(
    ({ client_id, organization_id }: OwnApplication) =>
      dataOf(apiIn({}).DELETE(PATH, { params: { query: { client_id, organization_id } } })),
    KEY,
  );
