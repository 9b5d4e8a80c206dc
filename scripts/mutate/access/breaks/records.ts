import type { Break } from '../break.ts';

const KEYED = 'src/modules/idempotency/keyed-request.ts';

const NAMES = 'src/modules/audit/entries/audit-names.repository.ts';
const KEPT_NAMES = 'src/database/schema/triggers.sql';

/** Idempotency keys and the audit log: whose they are, and that a change is recorded. */
export const RECORDS: readonly Break[] = [
  {
    id: 'records.names-of-the-organization',
    file: NAMES,
    find: 'select id, name, email from named_people($1, $2)',
    replace: 'select id, full_name as name, email from users where id = any($2) and $1::uuid is not null',
    why: 'An organization would read names that only another one knows, and those of strangers.',
    tests: ['test/e2e/audit-log.e2e.ts'],
  },
  {
    id: 'records.names-of-removed-members',
    file: KEPT_NAMES,
    find: 'for each row execute function keep_name_of_member()',
    replace: 'for each row when (false) execute function keep_name_of_member()',
    why: 'A removed member would be an id in the log of what they did.',
    tests: ['test/e2e/audit-log.e2e.ts'],
  },
  {
    id: 'records.names-of-declined-invitations',
    file: KEPT_NAMES,
    find: `new.status in ('declined', 'revoked')`,
    replace: `new.status = 'accepted'`,
    why: 'The log would not say whose invitation was revoked.',
    tests: ['test/e2e/audit-log.e2e.ts'],
  },
  {
    id: 'records.names-before-names-were-kept',
    file: 'migrations/1765160000001-name-who-left-before.ts',
    find: 'where e.succeeded and e.credential_kind is not null and',
    replace: 'where',
    why: 'The upgrade would name strangers whose sign-in was refused.',
    tests: ['test/architecture/data-migrations.spec.ts'],
  },
  {
    id: 'records.names-of-members-stay',
    file: 'src/modules/members/forget-person.command.ts',
    find: 'if ((await this.memberships.listByUsers(orgId, ids)).length > 0)',
    replace: 'if ((await this.memberships.listByUsers(orgId, ids)).length < 0)',
    why: 'The command would claim to have forgotten a member whom the log still names.',
    tests: ['test/e2e/audit-log.e2e.ts'],
  },
  {
    id: 'records.forgotten-accounts-elsewhere',
    file: 'src/modules/members/core/memberships.repository.ts',
    find: 'and not exists (select from org_memberships where user_id = u.id)',
    replace: 'and true',
    why: 'Forgetting somebody in one organization would remove them from another.',
    tests: ['test/e2e/audit-log.e2e.ts'],
  },
  {
    id: 'records.names-as-long-as-entries',
    file: NAMES,
    find: '(e.user_id = audit_names.person_id or e.resource_ids && audit_names.ids)',
    replace: 'e.user_id = audit_names.org_id',
    why: 'Entries would lose their names before retention removes them.',
    tests: ['test/e2e/retention.e2e.ts'],
  },
  {
    id: 'records.idempotency-of-a-credential',
    file: KEYED,
    find: 'JSON.stringify([credential.kind, credential.id, orgId, key])',
    replace: 'JSON.stringify([credential.kind, orgId, key])',
    why: 'One caller could read the response, and the secret in it, that another one got.',
    tests: ['test/e2e/idempotency.e2e.ts'],
  },
  {
    id: 'records.idempotency-of-an-organization',
    file: KEYED,
    find: 'JSON.stringify([credential.kind, credential.id, orgId, key])',
    replace: 'JSON.stringify([credential.kind, credential.id, key])',
    why: 'A request in one organization would get what happened in another.',
    tests: ['test/e2e/idempotency.e2e.ts'],
  },
  {
    id: 'records.idempotency-same-request',
    file: 'src/modules/idempotency/run-once.ts',
    find: `if (stored && !stored.fingerprint.equals(fingerprint)) throw new IdempotencyKeyReused();`,
    replace: 'void fingerprint;',
    why: 'Another request under a used key would be reported as done although it was not.',
    tests: ['test/e2e/idempotency.e2e.ts'],
  },
  {
    id: 'records.idempotency-of-secrets',
    file: 'src/modules/idempotency/run-once.ts',
    find: 'await this.assertAllowed(work);',
    replace: 'void this.assertAllowed;',
    why: 'A demoted admin would get the secret of a key that they could not create any more.',
    tests: ['test/e2e/idempotency.e2e.ts'],
  },
  {
    id: 'records.idempotency-of-rotated-secrets',
    file: 'src/modules/auth/api-keys/rotation/key-rotation.controller.ts',
    find: `@Idempotent('if-allowed-now')
  @Returns(APIKeyRotateResponse)
  @Refuses(
    'change_exceeds_rights',`,
    replace: `@Idempotent()
  @Returns(APIKeyRotateResponse)
  @Refuses(
    'change_exceeds_rights',`,
    why: 'Who was demoted would get the secret of a key that they could not rotate any more.',
    tests: ['test/e2e/idempotency.e2e.ts'],
  },
  {
    id: 'records.idempotency-expiry',
    file: 'src/modules/idempotency/idempotency-keys.repository.ts',
    find: 'where digest = $1 and expires_at > now()',
    replace: 'where digest = $1',
    why: 'A response that holds a secret would be repeated after its day is over.',
    tests: ['test/e2e/idempotency.e2e.ts'],
  },
  {
    id: 'records.invitation-of-its-request',
    file: 'src/modules/invitations/batch/invite-one.ts',
    find: '([{ principal: actor }, { id }]) => ({\n          actor,',
    replace: '([, { id }]) => ({\n          actor: principal,',
    why: 'Invitations that share a transaction would be recorded as if one request had made all of them.',
    tests: ['test/e2e/shared-transactions.e2e.ts'],
  },
  {
    id: 'records.scim-creation-of-its-request',
    file: 'src/modules/scim/users/create-users.ts',
    find: 'created.map(({ principal: actor, user, auditEntryId: entryId }) => {',
    replace: 'created.map(({ user, auditEntryId: entryId }) => {\n        const actor = principal;',
    why: 'SCIM users that share a transaction would be recorded as if one request had created all of them.',
    tests: ['test/e2e/shared-transactions.e2e.ts'],
  },
  {
    id: 'records.audit-of-this-organization',
    file: 'src/modules/audit/entries/audit-page.statements.ts',
    find: 'where org_id = $1 and created_at between $2 and $3',
    replace: 'where $1::uuid is not null and created_at between $2 and $3',
    why: 'Admins would read the audit log of other organizations.',
    tests: ['test/e2e/audit-log.e2e.ts'],
  },
  {
    id: 'records.reading-proof-of-a-position',
    file: 'src/modules/audit/reading-proofs.ts',
    find: 'return [...selection, position.createdAt, position.id];',
    replace: 'return [...selection, typeof position];',
    why: 'With one recorded page, its reader could read the whole log from its beginning as often as they want.',
    tests: ['test/e2e/audit-log-access.e2e.ts'],
  },
  {
    id: 'records.reading-proof-of-an-organization',
    file: 'src/modules/audit/reading-proofs.ts',
    find: 'JSON.stringify([credential.id, orgId, ...facts])',
    replace: 'JSON.stringify([credential.id, typeof orgId, ...facts])',
    why: 'With the cursor of one organization, the log of another could be read without an entry there.',
    tests: ['test/e2e/audit-log-access.e2e.ts'],
  },
  {
    id: 'records.reading-proof-is-verified',
    file: 'src/modules/audit/reading-proofs.ts',
    find: 'given.length === PROOF_BYTES && timingSafeEqual(given, expected)',
    replace: 'given.length === PROOF_BYTES && expected.length > 0 && typeof timingSafeEqual === "function"',
    why: 'A cursor with any proof would read the log without an entry.',
    tests: ['test/e2e/audit-log-access.e2e.ts'],
  },
  {
    id: 'records.audit-by-key',
    file: 'src/modules/audit/entries/audit-page.statements.ts',
    find: "::uuid[]) and credential_kind <> 'session'",
    replace: '::uuid[])',
    why: 'Ids of sessions, which the audit log does not show, could be tried by the filter of keys.',
    tests: ['test/e2e/audit-log-filters.e2e.ts'],
  },
  {
    id: 'records.removal-is-recorded',
    file: 'src/modules/members/org-members.service.ts',
    find: `await this.audit.record(principal, 'delete_org_member', [membershipId], scope);`,
    replace: 'void scope;',
    why: 'The removal of a member would leave no trace.',
    tests: ['test/e2e/audit.e2e.ts'],
  },
  {
    id: 'records.refusal-is-recorded',
    file: 'src/modules/audit/record-refused-requests.ts',
    find: 'await this.trail.recordRefusal(caller, operation, reply.statusCode, scope);',
    replace: 'void scope;',
    why: 'Refused attempts would leave no trace.',
    tests: ['test/e2e/audit.e2e.ts'],
  },
];
