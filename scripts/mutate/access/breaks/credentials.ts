import type { Break } from '../break.ts';

const REVOKE = 'src/modules/credentials/revoke-credentials.ts';
const LIST = 'src/modules/credentials/list-credentials.ts';
const TESTS = ['test/e2e/credentials.e2e.ts'];

/** The list of all credentials, and the revocation of many. */
export const CREDENTIALS: readonly Break[] = [
  {
    id: 'credentials.file-is-no-link',
    file: 'packages/cli/src/credentials-file.ts',
    find: 'constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)',
    replace: 'constants.O_RDONLY',
    why: 'A link in the place of the file would make the command send keys that somebody else has chosen.',
    tests: ['packages/cli/src/credentials-file.spec.ts'],
  },
  {
    id: 'credentials.tokens-listed-for-admins',
    file: LIST,
    find: 'return mayGrantOrgAdmin(principal)\n',
    replace: 'return principal.orgId || mayGrantOrgAdmin(principal)\n',
    why: 'An operator would see and revoke the tokens of members and of the identity provider.',
    tests: TESTS,
  },
  {
    id: 'credentials.kinds-for-admins',
    file: 'src/modules/credentials/token-kinds.guard.ts',
    find: 'if (!asked.some((kind) => FOR_ADMINS.includes(kind))) return true;',
    replace: 'if (!asked.every((kind) => FOR_ADMINS.includes(kind))) return true;',
    why: 'An operator would see and revoke the tokens of members by naming their kind.',
    tests: TESTS,
  },
  {
    id: 'credentials.ended-by-the-rule-of-their-kind',
    file: REVOKE,
    find: 'const accepted = keys.filter(({ id }) => !refusals.has(id));',
    replace: 'const accepted = keys;',
    why: 'An operator would delete keys of admins for the whole organization.',
    tests: TESTS,
  },
  {
    id: 'credentials.own-one-by-its-id-only',
    file: REVOKE,
    find: 'except: await this.keys.listEndingTheCaller(principal) }',
    replace: 'except: [] }',
    why: 'A script that cleans up would end its own credential halfway.',
    tests: TESTS,
  },
  {
    id: 'credentials.expected-number',
    file: REVOKE,
    find: 'if (count !== expectedCount) throw new CredentialCountDiffers(count);',
    replace: 'if (expectedCount !== null && count < expectedCount) throw new CredentialCountDiffers(count);',
    why: 'More would be revoked than somebody has looked at.',
    tests: TESTS,
  },
  {
    id: 'credentials.dry-by-default',
    file: 'src/contract/credentials.ts',
    find: `@Flag({ default: true, description: 'Only says what would be revoked.' }) dry_run`,
    replace: `@Flag({ default: false, description: 'Only says what would be revoked.' }) dry_run`,
    why: 'A request that was meant as a question would revoke.',
    tests: TESTS,
  },
  {
    id: 'credentials.children-of-tokens',
    file: 'src/modules/auth/api-keys/core/token-families.statements.ts',
    find: 'where k.id in (select id from family) and k.revoked_at is null',
    replace: 'where k.id in (select root from family) and k.revoked_at is null',
    why: 'A token made with a stolen token would go on working.',
    tests: TESTS,
  },
  {
    id: 'credentials.reading-tokens-is-recorded',
    file: LIST,
    find: 'if (areOthersShown) await',
    replace: 'if (!areOthersShown) await',
    why: 'An admin would look at the tokens of members without a trace.',
    tests: TESTS,
  },
];
