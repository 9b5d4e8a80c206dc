import type { Sequence } from '../area.ts';
import { ENTERPRISE, filter, listOf, newAddress, refused, USER, userOf } from './requests.ts';

/** The examples of RFC 7644, section 3.4.2.2. */
const EXAMPLES = [
  'userName eq "bjensen"',
  `name.familyName co "O'Malley"`,
  'userName sw "J"',
  `${USER}:userName sw "J"`,
  'title pr',
  'meta.lastModified gt "2011-05-13T04:42:34Z"',
  'meta.lastModified ge "2011-05-13T04:42:34Z"',
  'meta.lastModified lt "2011-05-13T04:42:34Z"',
  'meta.lastModified le "2011-05-13T04:42:34Z"',
  'title pr and userType eq "Employee"',
  'title pr or userType eq "Intern"',
  `schemas eq "${ENTERPRISE}"`,
  'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
  'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
  'userType eq "Employee" and (emails.type eq "work")',
  'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
  'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
];

const UNSUPPORTED = ['password pr', 'unknown eq "x"', 'name eq "x"', 'active gt true', 'userName eq'];

const OF_THE_RFC: Sequence = {
  name: 'filters',
  run: async (client) => {
    for (const text of EXAMPLES)
      await client.check(text, filter('/Users', text, '&count=0'), { status: 200 });
    for (const text of UNSUPPORTED)
      await client.check(text, filter('/Users', text), refused(400, 'invalidFilter'));
  },
};

const OF_ATTRIBUTES: Sequence = {
  name: 'filters on one user',
  run: async (client) => {
    const address = newAddress();
    const stored = {
      photos: [{ type: 'photo', value: 'https://photos.example.com/F' }],
      addresses: [{ type: 'work', country: 'USA' }],
      roles: [{ value: 'Guide' }],
      x509Certificates: [{ value: 'MIIDQz' }],
      [ENTERPRISE]: { manager: { value: '26118915' } },
    };
    const { id, meta } = await client.create('/Users', userOf(address, stored));
    const { location } = meta as { location: string };
    const conditions = [
      `schemas eq "${ENTERPRISE}"`,
      'meta.resourceType eq "User"',
      `meta.location eq "${location}"`,
      `id sw "${id.slice(0, 18)}"`,
      `${ENTERPRISE}:manager eq "26118915"`,
      'addresses.country eq "USA"',
      'addresses[type eq "work"]',
      'photos pr',
      'roles eq "guide"',
      'x509Certificates.value eq "MIIDQz"',
    ];
    for (const text of conditions)
      await client.check(text, filter('/Users', `userName eq "${address}" and ${text}`), listOf(1));
  },
};

export const FILTERS: readonly Sequence[] = [OF_THE_RFC, OF_ATTRIBUTES];
