import type { Break } from '../break.js';

const END = 'src/modules/auth/api-keys/service-keys/end-created-credentials.ts';
const END_SCIM = 'src/modules/scim/tokens/end-created-scim-tokens.ts';
const CREATED_KEYS = 'src/modules/auth/api-keys/service-keys/created-keys.repository.ts';
const CREATORS = 'src/modules/auth/api-keys/core/credential-creators.read-model.ts';
const BEYOND = 'src/modules/auth/api-keys/service-keys/service-key-lists.ts';
const SERVICE_KEYS = 'test/e2e/service-keys.e2e.ts';
const CREATED = 'test/e2e/created-credentials.e2e.ts';
const CALLER_KEYS = 'src/modules/auth/api-keys/core/caller-keys.ts';

/** Who created keys and tokens, and that what they created ends with them. */
export const CREATED_CREDENTIALS: readonly Break[] = [
  {
    id: 'created.receiver-of-demoted-admin',
    file: CREATORS,
    find: '!roles.includes(creator.orgRoleId)',
    replace: 'roles.length === 0',
    why: 'No list would say that what a demoted admin made still sends everything to an address of their choice.',
    tests: ['test/e2e/webhooks.e2e.ts', 'test/e2e/log-streams.e2e.ts'],
  },
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
    id: 'created.scim-tokens-name-their-creator',
    file: CALLER_KEYS,
    find: 'const origin = { createdByUserId, createdWithKind: kind, createdWithId: id, creatorKeyId: id };',
    replace:
      'const origin = { createdByUserId, createdWithKind: null, createdWithId: null, creatorKeyId: id };',
    why: 'No list would say with which key a SCIM token was created.',
    tests: ['test/e2e/scim-tokens.e2e.ts'],
  },
  {
    id: 'created.with-a-key-of-the-member',
    file: CALLER_KEYS,
    find: 'const createdByUserId = userId ?? key.createdByUserId;',
    replace: 'const createdByUserId = userId ?? (key && null);',
    why: 'A removed member would keep the keys made with their keys.',
    tests: [CREATED],
  },
  {
    id: 'created.ended-within-the-rights-of-the-caller',
    file: END,
    find: 'if (ending.keys) await this.rights.assertMayDelete(principal, serviceKeys);',
    replace: 'void this.rights;',
    why: 'An operator would delete keys of admins by removing their creator.',
    tests: [CREATED],
  },
  {
    id: 'created.tokens-of-others-revoked-by-admins',
    file: END,
    find: 'if (ending.tokens) assertMayRevoke(principal, personalAccessTokens);',
    replace: 'void assertMayRevoke;',
    why: 'An operator would revoke the tokens of members.',
    tests: [CREATED],
  },
  {
    id: 'created.deleted-with-their-creator',
    file: END,
    find: 'await this.created.remove(principal.orgId, ids);',
    replace: 'void this.created;',
    why: 'A removed or lowered member would keep using the keys that they made.',
    tests: [CREATED],
  },
  {
    id: 'created.tokens-revoked-with-the-lowering',
    file: CREATED_KEYS,
    find: `where org_id = $1 and id = any($2) and kind = 'pat' and revoked_at is null`,
    replace: `where org_id = $1 and id = any($2) and kind = 'pat' and revoked_at is not null`,
    why: 'A lowered member would keep their tokens.',
    tests: [CREATED],
  },
  {
    id: 'created.listed-of-this-organization',
    file: CREATED_KEYS,
    find: 'where org_id = $1 and (created_by_user_id = $2::uuid',
    replace: 'where $1::uuid is not null and (created_by_user_id = $2::uuid',
    why: 'Removing a member would show the keys that they made in other organizations.',
    tests: [CREATED],
  },
  {
    id: 'created.with-keys-created-with-it',
    file: CREATED_KEYS,
    find: 'on k.maker_key_id = c.id where k.org_id = $1)',
    replace: 'on k.maker_key_id = c.id where k.org_id = $1 and false)',
    why: 'A key made with a key of a revoked token would go on working.',
    tests: [CREATED],
  },
  {
    id: 'created.with-keys-deleted-since',
    file: 'src/database/schema/functions.sql',
    find: 'update %1$I c set maker_key_id = h.maker_key_id from heirs h',
    replace: 'update %1$I c set maker_key_id = null from heirs h',
    why: 'Anyone who stole a token would keep a key by deleting the key with which it was made.',
    tests: [CREATED],
  },
  {
    id: 'created.scim-tokens-deleted',
    file: 'src/modules/scim/tokens/scim-tokens.service.ts',
    find: 'await this.tokens.removeAll(principal.orgId, ids);',
    replace: 'void this.tokens;',
    why: 'A removed admin would come back with a SCIM token.',
    tests: [CREATED],
  },
  {
    id: 'created.scim-tokens-deleted-by-admins',
    file: END_SCIM,
    find: 'if (!mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageScimTokens();',
    replace: 'void [mayGrantOrgAdmin, OnlyAdminsManageScimTokens];',
    why: 'A member or an operator would delete the SCIM token of the identity provider.',
    tests: [CREATED],
  },
  {
    id: 'created.scim-tokens-with-keys-of-the-user',
    file: 'src/modules/scim/tokens/scim-tokens.repository.ts',
    find: 'const withKeys = { orgId, creatorKeyId: In([...keyIds]) };',
    replace: 'const withKeys = { orgId, creatorKeyId: In(keyIds.slice(keyIds.length)) };',
    why: 'A SCIM token made with a revoked token would go on working.',
    tests: [CREATED],
  },
  {
    id: 'created.ended-for-those-who-may-change-the-member',
    file: 'src/modules/members/org-members.service.ts',
    find: `this.assertMayManage(principal, roleId);
    const requested`,
    replace: `void roleId;
    const requested`,
    why: 'An operator would end the keys of an Organization Admin.',
    tests: [CREATED],
  },
  {
    id: 'created.ended-by-name-in-the-audit-log',
    file: 'src/modules/auth/basic-members/basic-members.service.ts',
    find: '{ ...(ended ? toEndedDetails(ended) : {}), ...facts }',
    replace: '{ ...facts };\n      void toEndedDetails',
    why: 'The audit log would not say what a lowering has ended.',
    tests: [CREATED],
  },
  {
    id: 'created.marked-beyond-roles-in-workspaces',
    file: 'src/modules/access/rights-beyond-users.ts',
    find: 'return new Set(roles.filter(exceeds));',
    replace: 'return new Set(roles.filter((role) => exceeds(role) && roles.length < 0));',
    why: 'Lists would not mark the keys of a creator whose role in a workspace was lowered.',
    tests: [SERVICE_KEYS],
  },
  {
    id: 'created.marked-beyond-the-organization-role',
    file: BEYOND,
    find: 'isGone(creator) || key.isOrgWide',
    replace: 'isGone(creator)',
    why: 'Lists would not mark the keys for the whole organization of a former admin.',
    tests: [SERVICE_KEYS],
  },
  {
    id: 'created.marked-after-their-creator',
    file: CREATORS,
    find: 'creator === null || creator.isDisabled || !roles',
    replace: 'creator !== null && !roles',
    why: 'Lists would not mark what removed and disabled members created.',
    tests: [SERVICE_KEYS, 'test/e2e/webhooks.e2e.ts'],
  },
  {
    id: 'created.scim-tokens-marked',
    file: 'src/modules/scim/tokens/scim-tokens.service.ts',
    find: 'token.makesAdmins ? [ORG_ADMIN_ID] : ADMINISTRATIVE_ROLES',
    replace: 'token.makesAdmins ? ADMINISTRATIVE_ROLES : [ORG_ADMIN_ID]',
    why: 'Lists would not mark the SCIM tokens of former admins.',
    tests: ['test/e2e/scim-tokens.e2e.ts'],
  },
];
