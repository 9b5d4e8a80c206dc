/** Hosts for which the chart means http. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i;

/** The addresses of this installation that the chart writes with a scheme. */
const WITH_SCHEME = ['LANGSMITH_PUBLIC_API_ENDPOINT', 'OAUTH_AS_ISSUER'] as const;

/**
 * The address with a scheme: the chart leaves it out of `LANGSMITH_URL` (docs/contract/installation.md#address). Another
 * address of the same host has the scheme that the operator wrote.
 */
export function withScheme(address: string, env: NodeJS.ProcessEnv): string {
  if (address === '' || address.includes('://')) return address;
  return `${schemeOf(address, env)}//${address}`;
}

function schemeOf(address: string, env: NodeJS.ProcessEnv): string {
  for (const name of WITH_SCHEME) {
    const other = URL.parse(env[name] ?? '');
    if (other && URL.parse(`${other.protocol}//${address}`)?.host === other.host) return other.protocol;
  }
  return LOOPBACK.test(address) ? 'http:' : 'https:';
}
