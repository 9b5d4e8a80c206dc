import type { Break } from '../break.ts';

const THROTTLE = 'src/modules/passwords/core/login-throttle.ts';
const NETWORKS = 'src/modules/passwords/core/login-networks.repository.ts';
const LOGIN_AUDIT = 'src/modules/sessions/login-audit.ts';

const LIMITS = 'test/e2e/login-limits.e2e.ts';
const HASHING = 'test/e2e/password-hashing.e2e.ts';

/** The limits of login attempts, and the record of refused ones. */
export const LOGINS: readonly Break[] = [
  {
    id: 'logins.per-network',
    file: THROTTLE,
    find: `await this.limiter.hitFrom('login', clientHost);`,
    replace: '',
    why: 'One address could guess passwords without a limit.',
    tests: [LIMITS],
  },
  {
    id: 'logins.per-subscriber',
    file: THROTTLE,
    find: 'await this.countIpv6(clientHost, 56, limits.loginsPerIpv6Net56PerMinute);',
    replace: '',
    why: 'One IPv6 subscriber would have 256 networks to guess passwords from.',
    tests: [LIMITS],
  },
  {
    id: 'logins.per-site',
    file: THROTTLE,
    find: 'await this.countIpv6(clientHost, 48, limits.loginsPerIpv6Net48PerMinute);',
    replace: '',
    why: 'One IPv6 site would have 65,536 networks to guess passwords from.',
    tests: [LIMITS],
  },
  {
    id: 'logins.narrow-networks-first',
    file: THROTTLE,
    find: `await this.limiter.hitFrom('login', clientHost);
    await this.countIpv6(clientHost, 56, limits.loginsPerIpv6Net56PerMinute);
    await this.countIpv6(clientHost, 48, limits.loginsPerIpv6Net48PerMinute);`,
    replace: `await this.countIpv6(clientHost, 48, limits.loginsPerIpv6Net48PerMinute);
    await this.countIpv6(clientHost, 56, limits.loginsPerIpv6Net56PerMinute);
    await this.limiter.hitFrom('login', clientHost);`,
    why: 'One address could use up the limit of the whole site.',
    tests: [LIMITS],
  },
  {
    id: 'logins.of-new-networks',
    file: THROTTLE,
    find: `await this.limiter.hit('login from new networks', '', limits.loginsOfNewNetworksPerMinute);`,
    replace: 'void limits.loginsOfNewNetworksPerMinute;',
    why: 'Many networks together could guess passwords without a limit.',
    tests: [LIMITS],
  },
  {
    id: 'logins.known-networks-are-not-new',
    file: THROTTLE,
    find: `if (!hasRecentLogin)
      await this.limiter.hit(`,
    replace: 'await this.limiter.hit(',
    why: 'Anonymous logins could use up the limit of the installation for everybody.',
    tests: [LIMITS],
  },
  {
    id: 'logins.failures-per-account-and-network',
    file: THROTTLE,
    find: `\`\${email}\\0\${origin.network ?? ''}\`, loginsPerEmailAndNetworkPerMinute],`,
    replace: `\`\${email}\\0\${origin.network ?? ''}\`, 0 * loginsPerEmailAndNetworkPerMinute],`,
    why: 'A network where the user has logged in could guess their password without a limit.',
    tests: [LIMITS],
  },
  {
    id: 'logins.failures-per-account',
    file: THROTTLE,
    find: `limits.push(['failed login as', email, loginsPerEmailPerMinute]);`,
    replace: 'void loginsPerEmailPerMinute;',
    why: 'Many networks together could guess the password of one account.',
    tests: [LIMITS],
  },
  {
    id: 'logins.owners-are-not-locked-out',
    file: THROTTLE,
    find: 'if (!origin.hasRecentLoginOfAccount) limits.push(',
    replace: 'limits.push(',
    why: 'A few wrong passwords a minute would lock the owner of an account out.',
    tests: [LIMITS],
  },
  {
    id: 'logins.network-of-the-same-account',
    file: NETWORKS,
    find: 'hasRecentLoginOfAccount: ofAccount.some((key) => recent.has(hex(key))),',
    replace: 'hasRecentLoginOfAccount: ofAccount.length > 0 && recent.has(hex(ofNetwork)),',
    why: 'Anyone who has an account could guess the passwords of others beyond the limit of each.',
    tests: [LIMITS],
  },
  {
    id: 'logins.networks-of-the-last-days',
    file: 'src/modules/passwords/core/login-networks.repository.ts',
    find: ` and last_success_at > now() - interval '\${RECENT_DAYS} days'`,
    replace: '',
    why: 'A network would be exempt from limits for ever after one login.',
    tests: [LIMITS],
  },
  {
    id: 'logins.successes-do-not-count',
    file: THROTTLE,
    find: '.giveBack(countedAsFailed)',
    replace: '.giveBack(countedAsFailed.slice(0, 0))',
    why: 'Users who log in often would lock themselves out.',
    tests: [LIMITS],
  },
  {
    id: 'logins.refusals-are-recorded',
    file: 'src/modules/passwords/password-login.ts',
    find: 'if (isRecordedRefusal(error))',
    replace: 'if (isRecordedRefusal(error) && email === request.clientHost)',
    why: 'Refused logins would leave no trace.',
    tests: [HASHING],
  },
  {
    id: 'logins.own-password-changes',
    file: 'src/modules/passwords/core/passwords.service.ts',
    find: `await this.throttle.hitFor('new password of', userId);`,
    replace: '',
    why: 'One user could keep a preferred place of the hashing queue busy.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'logins.no-response-without-a-record',
    file: LOGIN_AUDIT,
    find: 'await this.audit.recordRefusals(refusals);',
    replace: 'await this.audit.recordRefusals(refusals).catch(() => undefined);',
    why: 'Passwords could be guessed unseen while the audit log cannot be written.',
    tests: [HASHING],
  },
  {
    id: 'logins.record-of-the-first-over-a-limit',
    file: LOGIN_AUDIT,
    find: '!(error instanceof TooManyRequests && !error.isFirst);',
    replace: '!(error instanceof TooManyRequests && error.isFirst === null);',
    why: 'Refused attempts would fill the audit log.',
    tests: [LIMITS],
  },
  {
    id: 'logins.in-an-emergency',
    file: 'src/modules/passwords/password-login.ts',
    find: 'const admitted = await this.throttle.admit(request.clientHost, email);',
    replace: 'const admitted = await this.throttle.admit(null, null);',
    why: 'The emergency password could be guessed without a limit per network and address.',
    tests: ['test/e2e/break-glass.e2e.ts'],
  },
];
