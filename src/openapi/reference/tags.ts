import { EXAMPLE_IDS } from './id-sources.js';
import type { Task } from './task.js';

const IN_WORKSPACE = '/api/v1/workspaces/current';
const KEY = `${IN_WORKSPACE}/tag-keys/{tag_key_id}`;
const VALUE = `${KEY}/tag-values/{tag_value_id}`;
/** Resources are not known here: any id will do. */
const PROJECT = { resource_type: 'project', resource_id: '01900000-0000-7000-8000-00000000000a' };

export const tags: Task = {
  title: 'Tag resources',
  intro:
    'A workspace has tag keys such as Environment, with values such as production. Resources of the product are tagged by ' +
    'their type and id, and access policies allow or deny permissions by these tags.',
  operations: {
    [`GET ${IN_WORKSPACE}/tag-keys`]: { title: 'List tag keys' },
    [`POST ${IN_WORKSPACE}/tag-keys`]: {
      title: 'Create a tag key',
      body: { key: 'Environment', description: 'Where it runs' },
    },
    [`GET ${KEY}`]: { title: 'See a tag key' },
    [`PATCH ${KEY}`]: { title: 'Change a tag key', body: { description: 'Where it is deployed' } },
    [`DELETE ${KEY}`]: { title: 'Delete a tag key', description: 'With its values and their taggings.' },
    [`GET ${KEY}/tag-values`]: { title: 'List the values of a tag key' },
    [`POST ${KEY}/tag-values`]: { title: 'Create a tag value', body: { value: 'staging' } },
    [`GET ${VALUE}`]: { title: 'See a tag value' },
    [`PATCH ${VALUE}`]: { title: 'Change a tag value', body: { description: 'Before production' } },
    [`DELETE ${VALUE}`]: { title: 'Delete a tag value', description: 'With its taggings.' },
    [`GET ${IN_WORKSPACE}/taggings`]: { title: 'List tagged resources' },
    [`POST ${IN_WORKSPACE}/taggings`]: {
      title: 'Tag a resource',
      description: 'Answers the tagging that exists if the resource has the tag already.',
      body: { tag_value_id: EXAMPLE_IDS.TAG_VALUE_ID.example, ...PROJECT },
    },
    [`DELETE ${IN_WORKSPACE}/taggings/{tagging_id}`]: { title: 'Remove a tag from a resource' },
    [`GET ${IN_WORKSPACE}/tags`]: { title: 'List tag keys with their values' },
    [`GET ${IN_WORKSPACE}/tags/resource`]: { title: 'List the tags of a resource', values: PROJECT },
    [`POST ${IN_WORKSPACE}/tags/resources`]: {
      title: 'List the tags of several resources',
      body: [PROJECT],
    },
  },
};
