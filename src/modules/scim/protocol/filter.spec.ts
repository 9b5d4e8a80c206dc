import { describe, expect, it } from '@jest/globals';
import { type Filter, parseFilter } from './filter.js';
import { ScimError } from './scim.errors.js';

/** A filter with explicit brackets that show its structure. */
function shown(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${shown(filter.left)} ${filter.kind} ${shown(filter.right)})`;
    case 'not':
      return `not ${shown(filter.filter)}`;
    case 'some':
      return `${pathOf(filter)}[${shown(filter.filter)}]`;
    case 'present':
      return `${pathOf(filter)} pr`;
    case 'compare':
      return `${pathOf(filter)} ${filter.operator} ${JSON.stringify(filter.value)}`;
  }
}
const pathOf = ({
  path: { urn, name, sub },
}: Filter & { path: { urn: string | null; name: string; sub: string | null } }) =>
  `${urn ? `<${urn}>` : ''}${name}${sub ? `.${sub}` : ''}`;
const read = (text: string) => shown(parseFilter(text));

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

describe('the examples of RFC 7644, section 3.4.2.2', () => {
  it.each([
    ['userName eq "bjensen"', 'userName eq "bjensen"'],
    [`name.familyName co "O'Malley"`, `name.familyName co "O'Malley"`],
    ['userName sw "J"', 'userName sw "J"'],
    [`${CORE}:userName sw "J"`, `<${CORE}>userName sw "J"`],
    ['title pr', 'title pr'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'meta.lastModified gt "2011-05-13T04:42:34Z"'],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', 'meta.lastModified ge "2011-05-13T04:42:34Z"'],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', 'meta.lastModified lt "2011-05-13T04:42:34Z"'],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', 'meta.lastModified le "2011-05-13T04:42:34Z"'],
    ['title pr and userType eq "Employee"', '(title pr and userType eq "Employee")'],
    ['title pr or userType eq "Intern"', '(title pr or userType eq "Intern")'],
    [
      'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
      '(userType eq "Employee" and (emails co "example.com" or emails.value co "example.org"))',
    ],
    [
      'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
      '(userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org"))',
    ],
    [
      'userType eq "Employee" and (emails.type eq "work")',
      '(userType eq "Employee" and emails.type eq "work")',
    ],
    [
      'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
      '(userType eq "Employee" and emails[(type eq "work" and value co "@example.com")])',
    ],
    [
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
      '(emails[(type eq "work" and value co "@example.com")] or ims[(type eq "xmpp" and value co "@foo.com")])',
    ],
  ])('parses the filter %s', (text, structure) => {
    expect(read(text)).toBe(structure);
  });
});

describe('a filter', () => {
  it('applies the precedence brackets, not, and, or', () => {
    expect(read('a pr or b pr and c pr')).toBe('(a pr or (b pr and c pr))');
    expect(read('(a pr or b pr) and c pr')).toBe('((a pr or b pr) and c pr)');
    expect(read('not (a pr) and b pr')).toBe('(not a pr and b pr)');
    expect(read('a pr and b pr and c pr')).toBe('((a pr and b pr) and c pr)');
  });

  it('treats operators and literals as case-insensitive', () => {
    expect(read('A EQ "x" AND NOT (B Pr) Or c Eq TRUE')).toBe('((A eq "x" and not B pr) or c eq true)');
  });

  it('accepts every kind of JSON value, with the escapes of JSON strings', () => {
    expect(read(String.raw`a eq "q\"u\\o\u0074e"`)).toBe(String.raw`a eq "q\"u\\ote"`);
    expect(read('a eq true or b eq null or c eq -1.5e3')).toBe('((a eq true or b eq null) or c eq -1500)');
    expect(read('a eq "and (x) or [y]"')).toBe('a eq "and (x) or [y]"');
    expect(read('a  eq   "two  blanks"')).toBe('a eq "two  blanks"');
  });

  it('accepts a sub-attribute after a value path, which Entra ID sends', () => {
    expect(read('emails[type eq "work"].value eq "x"')).toBe('emails[(type eq "work" and value eq "x")]');
  });

  it.each([
    '',
    ' ',
    'userName',
    'userName eq',
    'userName eq bjensen',
    `userName eq 'x'`,
    'userName zz "x"',
    'userName eq "x" garbage',
    'userName eq "x" and',
    'and userName eq "x"',
    'userName eq "open',
    String.raw`userName eq "bad \x escape"`,
    '(userName eq "x"',
    'userName eq "x")',
    'emails[type eq "work"',
    'emails[phones[type eq "work"]]',
    'emails[]',
    'not userName eq "x"',
    'userName eq 01',
    'userName; drop table users',
    `${'('.repeat(60)}a pr${')'.repeat(60)}`,
    `a eq "${'x'.repeat(10_001)}"`,
  ])('rejects the invalid filter %j', (text) => {
    expect(() => parseFilter(text)).toThrow(ScimError);
    expect(() => parseFilter(text)).toThrow(
      expect.objectContaining({ scimType: 'invalidFilter', status: 400 }),
    );
  });
});
