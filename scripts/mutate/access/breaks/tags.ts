import type { Break } from '../break.ts';

const KEYS = 'src/modules/tags/tag-keys.repository.ts';
const TAGGINGS = 'src/modules/tags/taggings.repository.ts';
const STATEMENTS = 'src/modules/tags/taggings.statements.ts';
const TESTS = ['test/e2e/tags-access.e2e.ts'];

/** Tags stay in their workspace, and its managers write them. */
export const TAGS: readonly Break[] = [
  {
    id: 'tags.key-removed-here',
    file: KEYS,
    find: 'this.keys.delete({ workspaceId, id })',
    replace: 'this.keys.delete({ id })',
    why: 'Tag keys of other workspaces, of other organizations too, could be deleted.',
    tests: TESTS,
  },
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
    id: 'tags.value-removed-here',
    file: KEYS,
    find: 'this.values.delete({ workspaceId, tagKeyId, id })',
    replace: 'this.values.delete({ tagKeyId, id })',
    why: 'Values of other workspaces could be deleted.',
    tests: TESTS,
  },
  {
    id: 'tags.tagging-removed-here',
    file: TAGGINGS,
    find: 'this.taggings.delete({ workspaceId, id })',
    replace: 'this.taggings.delete({ id })',
    why: 'Resources of other workspaces could lose the tags by which policies deny access to them.',
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
];
