import { describe, expect, it } from '@jest/globals';
import { anchorsOf, badCitations } from './contract-citations.ts';

const PAGES = new Map([['invitations.md', new Set(['expiry', 'who-may-invite'])]]);
const check = (text: string) => badCitations([{ path: 'a.ts', text }], PAGES);

describe('citations of the contract', () => {
  it('makes anchors from headings as GitHub does', () => {
    expect(anchorsOf('# Invitations\n\n## Who may invite?\n\ntext # no heading\n### A `code` word')).toEqual(
      new Set(['invitations', 'who-may-invite', 'a-code-word']),
    );
  });

  it('accepts a citation of a heading that exists', () => {
    expect(check('// docs/contract/invitations.md#expiry')).toEqual([]);
    expect(check('[Expiry](../contract/invitations.md)')).toEqual([]);
  });

  it('reports the line of a citation whose anchor or page does not exist', () => {
    expect(check('\n// docs/contract/invitations.md#expire\n// docs/contract/invites.md#expiry')).toEqual([
      { path: 'a.ts', line: 2, citation: 'contract/invitations.md#expire' },
      { path: 'a.ts', line: 3, citation: 'contract/invites.md#expiry' },
    ]);
  });

  it.each([
    'contract decision 43',
    'contract decisions 2 and 9',
    'semantics, section 11',
    'operations.md, row 56',
  ])('reports "%s", which cites a document outside of the repository', (citation) => {
    expect(check(`// see ${citation}`)).toHaveLength(1);
  });
});
