import type { Break } from '../break.ts';

const QUEUE = 'src/common/secrets/hash-queue.ts';
const HASHER = 'src/common/secrets/password-hasher.ts';
const THROTTLE = 'src/modules/passwords/core/login-throttle.ts';

const QUEUE_SPEC = 'src/common/secrets/hash-queue.spec.ts';
const HASHING_TESTS = 'test/e2e/password-hashing.e2e.ts';

/** The queue of password hashes. */
export const HASHING: readonly Break[] = [
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
    tests: [HASHING_TESTS],
  },
  {
    id: 'hashing.batches-at-a-time',
    file: QUEUE,
    find: `if (this.batches >= this.bounds.batches) throw refusalIn('background');`,
    replace: '',
    why: 'Admins could start batches without a limit.',
    tests: [HASHING_TESTS],
  },
  {
    id: 'hashing.logins-before-batches',
    file: QUEUE,
    find: `const IN_ORDER = ['preferred', 'anonymous', 'background'] as const;`,
    replace: `const IN_ORDER = ['background', 'preferred', 'anonymous'] as const;`,
    why: 'Logins would wait until a large batch has created its accounts.',
    tests: [QUEUE_SPEC, HASHING_TESTS],
  },
  {
    id: 'hashing.batches-in-the-queue',
    file: HASHER,
    find: 'return this.queue.runBatch(passwords.map((password) => () => hash(password, this.parameters)));',
    replace: 'return Promise.all(passwords.map((password) => hash(password, this.parameters)));',
    why: 'A batch of 500 accounts would stall every session.',
    tests: [HASHING_TESTS],
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
    tests: [HASHING_TESTS],
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
    tests: [HASHING_TESTS],
  },
];
