import type { Break } from '../break.js';

const REPOSITORY = 'src/modules/auth/api-keys/core/api-keys.repository.ts';
const CALLER_KEYS = 'src/modules/auth/api-keys/core/caller-keys.ts';

/** Who created keys and tokens, and that what they created ends with them. */
export const CREATED_CREDENTIALS: readonly Break[] = [
  {
    id: 'created.scim-tokens-with-keys',
    file: 'src/modules/scim/tokens/scim-tokens.controller.ts',
    find: `  @UseGuards(KeyCreationGuard)
  @Audited('create_scim_token')`,
    replace: `  @Audited('create_scim_token')`,
    why: 'A key would be told what is wrong with a SCIM token that it may not create.',
    tests: ['test/e2e/key-creation-by-keys.e2e.ts'],
  },
  {
    id: 'created.scim-tokens-name-their-maker',
    file: CALLER_KEYS,
    find: 'const origin = { createdByUserId, createdWithKind: kind, createdWithId: id, makerKeyId: id };',
    replace:
      'const origin = { createdByUserId, createdWithKind: null, createdWithId: null, makerKeyId: id };',
    why: 'No list would say with which key a SCIM token was created.',
    tests: ['test/e2e/scim-tokens.e2e.ts'],
  },
  {
    id: 'created.with-a-key-of-the-member',
    file: CALLER_KEYS,
    find: 'const createdByUserId = userId ?? key.createdByUserId;',
    replace: 'const createdByUserId = userId ?? (key && null);',
    why: 'A removed member would keep the keys made with their keys.',
    tests: ['test/e2e/created-service-keys.e2e.ts'],
  },
  {
    id: 'created.revoked-within-the-rights-of-the-caller',
    file: 'src/modules/auth/api-keys/service-keys/report-created-keys.ts',
    find: 'await this.deletion.assertMayDelete(principal, await this.keys.withScopes(keys));',
    replace: '',
    why: 'An operator would revoke keys of admins by removing their maker.',
    tests: ['test/e2e/created-service-keys.e2e.ts'],
  },
  {
    id: 'created.revoked-with-their-maker',
    file: 'src/modules/auth/api-keys/service-keys/report-created-keys.ts',
    find: 'await this.keys.removeAll(principal.orgId, ids);',
    replace: 'void this.keys;',
    why: 'A removed member would keep using the keys that they made.',
    tests: ['test/e2e/created-service-keys.e2e.ts'],
  },
  {
    id: 'created.listed-of-this-organization',
    file: REPOSITORY,
    find: `where: { orgId, kind: 'service', createdByUserId }`,
    replace: `where: { kind: 'service', createdByUserId }`,
    why: 'Removing a member would show the keys that they made in other organizations.',
    tests: ['test/e2e/created-service-keys.e2e.ts'],
  },
];
