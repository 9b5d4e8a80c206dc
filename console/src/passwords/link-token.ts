import { useEffect, useState } from 'react';

/**
 * The token of a link in a mail. It is in the fragment, which browsers send to no server, and is taken out of the address
 * bar and the history at once. It is kept in memory only.
 */
let current: string | null = null;

function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return current;
  history.replaceState(history.state, '', location.pathname + location.search);
  return (current = token);
}

/** Null if the page was opened without one. Another link that is opened in the same tab changes only the fragment. */
export function useLinkToken(): string | null {
  const [token, setToken] = useState(takeToken);
  useEffect(() => {
    const read = () => setToken(takeToken());
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return token;
}
