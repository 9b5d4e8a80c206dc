import type { Break } from '../break.ts';

/** How long and how well a user has signed in at the identity provider. */
export const ASSURANCE: readonly Break[] = [
  {
    id: 'assurance.session-expiry',
    file: 'src/modules/sessions/open-sso-session.ts',
    find: 'providerExpiresAt === null ? latest : earlier(providerExpiresAt, latest)',
    replace: 'latest',
    why: 'A session would outlive the end that the provider sets.',
    tests: ['src/modules/sessions/open-sso-session.spec.ts', 'test/e2e/sso-sessions.e2e.ts'],
  },
  {
    id: 'assurance.session-expiry-is-time',
    file: 'src/modules/auth/oidc/provider/signed-tokens.ts',
    find: "return isTime && (end as number) > now.getTime() / 1000 ? null : 'session_expiry';",
    replace: 'return null;',
    why: 'An end of the session that cannot be read, or has passed, would be ignored.',
    tests: ['src/modules/auth/oidc/provider/signed-tokens.spec.ts'],
  },
  {
    id: 'assurance.session-expiry-stays',
    file: 'src/modules/auth/oidc/session-renewal.ts',
    find: '?? claim.providerExpiresAt',
    replace: '?? null',
    why: 'A refresh without the claim would lift the end that the provider has set.',
    tests: ['test/e2e/sso-sessions.e2e.ts'],
  },
];
