import type { Break } from '../break.ts';

const LEASE = 'src/optional/access-cache/lease.ts';
const CACHE = 'src/optional/access-cache/coherent-cache.ts';
const CONFIRMATION = 'src/optional/access-cache/confirm-access-changes.ts';
const RESPONSES = 'src/optional/access-cache/cached-responses.ts';
const TRIGGERS = 'src/optional/access-cache/schema.sql';
const REVOCATIONS = 'test/e2e/revocation-on-replicas.e2e.ts';

/** The cache of recognized callers: that it never grants what the database would refuse. */
export const ACCESS_CACHE: readonly Break[] = [
  {
    id: 'access-cache.lease-ends',
    file: LEASE,
    find: 'return elapsed.every((ms) => ms >= 0 && ms < LEASE_MS);',
    replace: 'return elapsed.length > 0;',
    why: 'A server that was paused or hears nothing of changes would go on using what it has cached.',
    tests: ['src/optional/access-cache/lease.spec.ts', 'test/e2e/access-cache.e2e.ts'],
  },
  {
    id: 'access-cache.triggers-for-replica-role',
    file: TRIGGERS,
    find: `alter table api_keys
  enable always trigger log_access_update,
  enable always trigger log_access_delete,`,
    replace: `alter table api_keys
  enable trigger log_access_update,
  enable trigger log_access_delete,`,
    why: 'What a program revokes with session_replication_role = replica would be accepted for a minute.',
    tests: ['test/e2e/access-cache.e2e.ts'],
  },
  {
    id: 'access-cache.longest-use',
    file: CACHE,
    find: 'Math.min(source.endsAt(value) ?? latestEnd, latestEnd);',
    replace: 'source.endsAt(value) ?? Infinity;',
    why: 'What is revoked while triggers are disabled would be accepted as long as it is used.',
    tests: ['src/optional/access-cache/coherent-cache.spec.ts'],
  },
  {
    id: 'access-cache.writers-wait',
    file: CONFIRMATION,
    find: 'while (isUnseen && !leasesEnd.aborted) {',
    replace: 'while (isUnseen && leasesEnd.aborted) {',
    why: 'A revoked credential would be accepted by other servers after the revocation was acknowledged.',
    tests: [REVOCATIONS],
  },
  {
    id: 'access-cache.confirmation-shortened',
    file: CONFIRMATION,
    find: 'confirmed).catch(() => aborted(leasesEnd));',
    replace: 'confirmed).catch(() => undefined);',
    why: 'A revocation would be acknowledged before it holds on every server, when the question for it fails.',
    tests: ['test/e2e/access-cache.e2e.ts'],
  },
  {
    id: 'access-cache.repeated-revocation',
    file: CONFIRMATION,
    find: 'return revokes && (statusCode < 300 || statusCode === 404 || statusCode === 409);',
    replace: 'return revokes && statusCode === 0;',
    why: 'A deletion that is repeated at another server would be confirmed before the first one holds everywhere.',
    tests: ['test/e2e/revocation-races.e2e.ts'],
  },
  {
    id: 'access-cache.repeated-logout',
    file: 'src/modules/auth/sign-in/logout.controller.ts',
    find: `@Get('api/v1/oauth/custom-oidc/frontchannel-logout')
  @Public()
  @RevokesAccess()`,
    replace: `@Get('api/v1/oauth/custom-oidc/frontchannel-logout')
  @Public()`,
    why: 'A provider that logs a user out twice would be told of it before it holds on every server.',
    tests: ['test/e2e/sso-frontchannel-logout.e2e.ts'],
  },
  {
    id: 'access-cache.repeated-response',
    file: 'src/modules/idempotency/run-once.ts',
    find: 'await this.accessCache.confirmChanges();',
    replace: 'void this.accessCache;',
    why: 'A retry would be told of a change of access before it holds on every server.',
    tests: ['test/e2e/idempotency.e2e.ts'],
  },
  {
    id: 'access-cache.shared-transactions',
    file: 'src/common/background/batch-queue.ts',
    find: 'else void this.outsideOfRequests(() => this.serve(subject, [waiting]));',
    replace: 'else void this.serve(subject, [waiting]);',
    why: 'Of several requests that share a transaction, one alone would wait until its change holds on every server.',
    tests: ['src/common/background/batch-queue.spec.ts'],
  },
  {
    id: 'access-cache.changes-end-entries',
    file: CACHE,
    find: `if (!history.isUnchanged(subjectIds, since)) return 'changed';`,
    replace: 'void since;',
    why: 'What was cached before a change would be used after it.',
    tests: [REVOCATIONS],
  },
  {
    id: 'access-cache.load-across-change',
    file: CACHE,
    find: `if (!subjectIds || !this.coherence.history.isUnchanged(subjectIds, since)) return value;
    const endsAt = Math.min(source.endsAt(value) ?? latestEnd, latestEnd);
    this.entries.set(key, { value, endsAt, subjectIds, since });`,
    replace: `if (!subjectIds) return value;
    const endsAt = Math.min(source.endsAt(value) ?? latestEnd, latestEnd);
    const position = this.coherence.history.position;
    this.entries.set(key, { value, endsAt, subjectIds, since: position });`,
    why: 'What was read before a change and arrives after it would be kept.',
    tests: ['src/optional/access-cache/coherent-cache.spec.ts', 'test/e2e/revocation-races.e2e.ts'],
  },
  {
    id: 'access-cache.shared-load-ends',
    file: CACHE,
    find: 'if (!hasEnded(source.endsAt(value), joinedAt)) return value;',
    replace: 'if (!hasEnded(source.endsAt(value), joinedAt * 0)) return value;',
    why: 'An expired key would be accepted while an earlier request with it waits for the database.',
    tests: ['src/optional/access-cache/coherent-cache.spec.ts', 'test/e2e/access-cache.e2e.ts'],
  },
  {
    id: 'access-cache.shared-load-fails',
    file: CACHE,
    find: `    } catch {
      // The connection of another request may have been lost.
    }`,
    replace: `    } catch (error) {
      throw error;
    }`,
    why: 'Requests would fail with 503 because the connection of an earlier one is lost.',
    tests: ['src/optional/access-cache/coherent-cache.spec.ts', 'test/e2e/access-cache.e2e.ts'],
  },
  {
    id: 'access-cache.lease-is-asked-for',
    file: CACHE,
    find: 'if (!this.coherence.isHeld()) {',
    replace: `if (!this.coherence.isHeld() && key === '') {`,
    why: 'A server that hears nothing of changes would go on using what it has cached.',
    tests: ['src/optional/access-cache/coherent-cache.spec.ts'],
  },
  {
    id: 'access-cache.responses-end',
    file: RESPONSES,
    find: 'if (history.position === this.position && latestDatabaseSeconds < this.endsAt) return;',
    replace: 'if (latestDatabaseSeconds < this.endsAt) return;',
    why: 'A caller would see an organization and workspaces as they were before a change.',
    tests: ['src/optional/access-cache/cached-responses.spec.ts', 'test/e2e/access-cache.e2e.ts'],
  },
  {
    id: 'access-cache.responses-across-change',
    file: RESPONSES,
    find: 'if (this.isCurrent(request)) this.keep(key, { text, endsAt: Math.min(...ends) });',
    replace: 'this.keep(key, { text, endsAt: Math.min(...ends) });',
    why: 'What a caller could do before a change would be shown after it.',
    tests: ['src/optional/access-cache/cached-responses.spec.ts'],
  },
  {
    id: 'access-cache.workspaces-of-another-credential',
    file: RESPONSES,
    find: 'return `${credential.id} ',
    replace: 'return `${principal.userId} ',
    why: 'A password session would see what it may do only with a token.',
    tests: ['src/optional/access-cache/cached-responses.spec.ts', 'test/e2e/access-cache.e2e.ts'],
  },
  {
    id: 'access-cache.deletions-are-logged',
    file: TRIGGERS,
    find: `after delete on sessions referencing old table as old_rows
  for each statement execute`,
    replace: `after delete on sessions referencing old table as old_rows
  for each statement when (false) execute`,
    why: 'A deleted session would go on working on servers that have cached it.',
    tests: ['test/architecture/access-changes.spec.ts', 'test/e2e/access-changes.e2e.ts'],
  },
  {
    id: 'access-cache.expiry',
    file: CACHE,
    find: `return hasEnded(endsAt, latestDatabaseSeconds) ? 'expired' : 'hit';`,
    replace: `return hasEnded(endsAt, latestDatabaseSeconds * 0) ? 'expired' : 'hit';`,
    why: 'A cached credential would be accepted after it has expired.',
    tests: ['test/e2e/access-cache.e2e.ts', REVOCATIONS],
  },
  {
    id: 'access-cache.key-changes-are-logged',
    file: TRIGGERS,
    find: `after update on api_keys referencing old table as old_rows new table as new_rows
  for each statement execute`,
    replace: `after update on api_keys referencing old table as old_rows new table as new_rows
  for each statement when (false) execute`,
    why: 'A revoked key would go on working on servers that have cached it.',
    tests: [REVOCATIONS],
  },
];
