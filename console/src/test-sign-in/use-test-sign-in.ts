import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf, type Schemas } from '../api/client';
import { usePlace } from '../session/use-workspaces';

const START = '/api/v1/orgs/current/sso-settings/test-sign-in';
const POLL_MS = 1000;

type TestSignIn = Schemas['TestSignIn'];
export type TestResult = Schemas['TestSignInResult'];

/** A test of single sign-on; its result is kept until the next one is started. */
export function useTestSignIn() {
  const { api } = usePlace();
  const [test, setTest] = useState<TestSignIn | null>(null);
  const start = useMutation({ mutationFn: () => dataOf(api.POST(START)), onSuccess: setTest });
  const { data, error } = useTestResult(test);
  /** Opens the tab at once, since browsers block one that does not follow from a click. */
  const open = () => {
    const tab = globalThis.open('', '_blank');
    if (tab) tab.opener = null;
    setTest(null);
    start.mutate(undefined, {
      onSuccess: ({ url }) => (url ? tab?.location.replace(url) : tab?.close()),
      onError: () => tab?.close(),
    });
  };
  const result = data && data.status !== 'waiting' ? data : null;
  return {
    open,
    isStarting: start.isPending,
    error: start.error ?? error,
    /** Where the tab leads, while the test is under way. */
    waitingUrl: result || error ? null : (test?.url ?? null),
    result,
  };
}

/** Asks until the result is there. The server gives it once, so it is never read again. */
function useTestResult(test: TestSignIn | null) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['test-sign-in', orgId, test?.test_id],
    queryFn: () => {
      const path = { test_id: test?.test_id ?? '' };
      return dataOf(api.GET(`${START}/{test_id}`, { params: { path } }));
    },
    enabled: test !== null,
    refetchInterval: ({ state }) => (state.data?.status === 'waiting' && !state.error ? POLL_MS : false),
    refetchIntervalInBackground: true, // the provider is in another tab
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
    staleTime: Infinity,
  });
}
