import type { Break } from '../break.ts';

const QUEUE = 'src/common/secrets/hash-queue.ts';
const HASHER = 'src/common/secrets/password-hasher.ts';
const THROTTLE = 'src/modules/auth/login-throttle.ts';
const LOGIN_AUDIT = 'src/modules/auth/login-audit.ts';
const NETWORKS = 'src/modules/auth/login-networks/login-networks.ts';

const QUEUE_SPEC = 'src/common/secrets/hash-queue.spec.ts';
const HASHING = 'test/e2e/password-hashing.e2e.ts';
const LIMITS = 'test/e2e/login-limits.e2e.ts';

/** The queue of password hashes, and the limits of login attempts. */
export const HASHING_AND_LOGINS: readonly Break[] = [
  {
    id: 'hashing.two-at-a-time',
    file: QUEUE,
    find: 'if (preferred + anonymous + background >= this.bounds.running) return null;',
    replace: 'void preferred;',
    why: 'A batch, or a few dozen logins, would take all threads and stall every session.',
    tests: [QUEUE_SPEC],
  },
  {
    id: 'hashing.number-at-a-time',
    file: QUEUE,
    find: '  running: 2,\n  runningUnpreferred: 1,',
    replace: '  running: 4,\n  runningUnpreferred: 3,',
    why: 'Password hashes would take all threads of the process.',
    tests: [QUEUE_SPEC],
  },
  {
    id: 'hashing.place-for-known-networks',
    file: QUEUE,
    find: 'anonymous + background < this.bounds.runningUnpreferred ? this.order() : PREFERRED_ONLY;',
    replace: 'anonymous + background >= 0 ? this.order() : PREFERRED_ONLY;',
    why: 'Anonymous logins and batches would take both places, and owners of accounts would wait.',
    tests: [QUEUE_SPEC],
  },
  {
    id: 'hashing.half-of-the-queue',
    file: QUEUE,
    find: '? anonymous.size < waitingLogins / 2',
    replace: '? anonymous.size < waitingLogins',
    why: 'Anonymous logins could fill the queue and keep the owners of accounts out.',
    tests: [QUEUE_SPEC],
  },
  {
    id: 'hashing.queue-has-an-end',
    file: QUEUE,
    find: 'if (!this.hasRoom(lane)) throw refusalIn(lane);',
    replace: '',
    why: 'Anonymous logins would wait in a queue without an end.',
    tests: [HASHING],
  },
  {
    id: 'hashing.batches-at-a-time',
    file: QUEUE,
    find: `if (this.batches >= this.bounds.batches) throw refusalIn('background');`,
    replace: '',
    why: 'Admins could start batches without a limit.',
    tests: [HASHING],
  },
  {
    id: 'hashing.logins-before-batches',
    file: QUEUE,
    find: `const IN_ORDER = ['preferred', 'anonymous', 'background'] as const;`,
    replace: `const IN_ORDER = ['background', 'preferred', 'anonymous'] as const;`,
    why: 'Nobody could log in while a large batch creates accounts.',
    tests: [HASHING],
  },
  {
    id: 'hashing.batches-in-the-queue',
    file: HASHER,
    find: 'return this.queue.runBatch(passwords.map((password) => () => hash(password, this.parameters)));',
    replace: 'return Promise.all(passwords.map((password) => hash(password, this.parameters)));',
    why: 'A batch of 500 accounts would stall every session.',
    tests: [HASHING],
  },
  {
    id: 'hashing.logins-in-the-queue',
    file: HASHER,
    find: `return this.queue.run(lane, async () =>
      verify((await findDigest()) ?? (await this.unmatchableDigest), password),
    );`,
    replace:
      'return (async () => verify((await findDigest()) ?? (await this.unmatchableDigest), password))();',
    why: 'Anonymous logins would stall every session.',
    tests: [HASHING],
  },
  {
    id: 'hashing.unknown-accounts-cost-as-much',
    file: HASHER,
    find: `verify((await findDigest()) ?? (await this.unmatchableDigest), password),`,
    replace: `(await findDigest()) === null ? false : verify((await findDigest())!, password),`,
    why: 'The time of a refused login would tell who has an account.',
    tests: ['src/common/secrets/password-hasher.spec.ts'],
  },
  {
    id: 'hashing.known-networks-are-preferred',
    file: THROTTLE,
    find: `lane: origin.hasRecentLogin ? 'preferred' : 'anonymous',`,
    replace: `lane: 'anonymous',`,
    why: 'Anonymous logins would keep the owners of accounts out.',
    tests: [HASHING],
  },
  {
    id: 'logins.per-network',
    file: THROTTLE,
    find: `await this.addresses.hit('login', clientHost);`,
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
    find: `await this.addresses.hit('login', clientHost);
    await this.countIpv6(clientHost, 56, limits.loginsPerIpv6Net56PerMinute);
    await this.countIpv6(clientHost, 48, limits.loginsPerIpv6Net48PerMinute);`,
    replace: `await this.countIpv6(clientHost, 48, limits.loginsPerIpv6Net48PerMinute);
    await this.countIpv6(clientHost, 56, limits.loginsPerIpv6Net56PerMinute);
    await this.addresses.hit('login', clientHost);`,
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
    why: 'Whoever has an account could guess the passwords of others beyond the limit of each.',
    tests: [LIMITS],
  },
  {
    id: 'logins.networks-of-the-last-days',
    file: 'src/modules/auth/login-networks/login-networks.repository.ts',
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
    file: 'src/modules/auth/basic/basic-login.service.ts',
    find: 'if (isRecordedRefusal(error))',
    replace: 'if (isRecordedRefusal(error) && email === request.clientHost)',
    why: 'Refused logins would leave no trace.',
    tests: [HASHING],
  },
  {
    id: 'logins.own-password-changes',
    file: 'src/modules/auth/basic/passwords.service.ts',
    find: `await this.throttle.hitForUser('new password of', userId);`,
    replace: '',
    why: 'One user could keep a preferred place of the hashing queue busy.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'logins.no-answer-without-a-record',
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
    file: 'src/modules/auth/break-glass/break-glass-login.ts',
    find: 'const admitted = await this.throttle.admit(request.clientHost, email);',
    replace: 'const admitted = await this.throttle.admit(null, null);',
    why: 'The emergency password could be guessed without a limit per network and address.',
    tests: ['test/e2e/break-glass.e2e.ts'],
  },
];
