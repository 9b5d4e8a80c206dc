import type { Break } from '../break.ts';

const KEYS = 'src/modules/tags/tag-keys.repository.ts';
const STATEMENTS = 'src/modules/tags/taggings.repository.ts';
const TESTS = ['test/e2e/tags-access.e2e.ts'];

/** Tags stay in their workspace, and its managers write them. */
export const TAGS: readonly Break[] = [
  {
    id: 'tags.key-of-this-workspace',
    file: KEYS,
    find: 'this.keys.findOneBy({ workspaceId, id });',
    replace: 'this.keys.findOneBy({ id });',
    why: 'Tag keys of other workspaces could be read, and values added to them.',
    tests: TESTS,
  },
  {
    id: 'tags.value-of-this-workspace',
    file: KEYS,
    find: 'this.values.findOneBy({ workspaceId, id,',
    replace: 'this.values.findOneBy({ id,',
    why: 'Values of other workspaces could be read and used.',
    tests: TESTS,
  },
  {
    id: 'tags.of-resources-here',
    file: STATEMENTS,
    find: 'join taggings t on t.workspace_id = $1 and',
    replace: 'join taggings t on $1::uuid is not null and',
    why: 'Tags that another workspace gives to an id would decide here.',
    tests: TESTS,
  },
  {
    id: 'tags.resources-of-this-workspace',
    file: STATEMENTS,
    find: 'where v.workspace_id = $1 and ($2::uuid',
    replace: 'where $1::uuid is not null and ($2::uuid',
    why: 'The tagged resources of other workspaces would be listed.',
    tests: TESTS,
  },
  {
    id: 'tags.keys-of-this-workspace',
    file: STATEMENTS,
    find: 'from tag_keys k where k.workspace_id = $1',
    replace: 'from tag_keys k where $1::uuid is not null',
    why: 'The tags of other workspaces would be listed.',
    tests: TESTS,
  },
  {
    id: 'tags.written-by-managers',
    file: 'src/modules/tags/taggings.controller.ts',
    find: `@RequirePermission('workspaces:manage')
  @Audited('delete_tagging')`,
    replace: `@RequirePermission('workspaces:read')
  @Audited('delete_tagging')`,
    why: 'Every member could remove the tag by which a policy denies them a resource.',
    tests: TESTS,
  },
  {
    id: 'tags.policies-name-more',
    file: 'src/modules/access/compare-access.ts',
    find: 'if (missing.length > 0) throw new ChangeExceedsRights(tagExcessText(policy, missing));',
    replace: 'void [policy, missing, ChangeExceedsRights, tagExcessText];',
    why: 'Anyone who writes tags could give a resource the tag by which a policy allows them more.',
    tests: TESTS,
  },
  {
    id: 'tags.policies-of-groups-in-the-workspace',
    file: 'src/database/schema/views.sql',
    find: 'g.id in (c.parent_user_group_id, c.id)',
    replace: 'g.id = c.parent_user_group_id',
    why: 'A tag by which a policy of a workspace group allows more could be written.',
    tests: TESTS,
  },
  {
    id: 'tags.renamed-key',
    file: 'src/modules/tags/tag-keys.service.ts',
    find: 'assertMayWriteTags(principal, [key, changes.key])',
    replace: 'assertMayWriteTags(principal, [key])',
    why: 'A key that no policy compares could be renamed to one by which a policy allows more.',
    tests: TESTS,
  },
  {
    id: 'tags.compared-when-tagging',
    file: 'src/modules/tags/taggings.service.ts',
    find: 'await this.limits.assertMayWriteTags(principal, [tagKey.key]);\n      await this.assertWithinLimits',
    replace: 'await this.assertWithinLimits',
    why: 'An existing tag could be given to a resource so that a policy allows more.',
    tests: TESTS,
  },
  {
    id: 'tags.compared-when-untagging',
    file: 'src/modules/tags/taggings.service.ts',
    find: 'await this.limits.assertMayWriteTags(principal, [tagKey.key]);\n      await this.taggings.remove',
    replace: 'await this.taggings.remove',
    why: 'The tag by which a policy denies others a resource could be taken away.',
    tests: TESTS,
  },
];
