import { useMutation, useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { leaveSignedOut } from '../session/leave-page';

export type OwnSession = Schemas['OwnSession'];

const PATH = '/api/v1/me/sessions';
const KEY = ['own-sessions'];

export const useOwnSessions = () =>
  useQuery({ queryKey: KEY, queryFn: () => dataOf(apiIn({}).GET(PATH)), staleTime: 0 });

export const useEndSession = () =>
  useChange(
    ({ id }: OwnSession) =>
      dataOf(apiIn({}).DELETE(`${PATH}/{session_id}`, { params: { path: { session_id: id } } })),
    KEY,
  );

/** Ends the current session, too. */
export const useSignOutEverywhere = () =>
  useMutation({
    mutationFn: () => dataOf(apiIn({}).DELETE(PATH)),
    onSuccess: () => leaveSignedOut(),
  });
