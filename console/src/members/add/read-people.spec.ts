import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Entry, type PeopleTable, readPeople, readRows } from './read-people';

const ADA = 'ada@example.com';
const GRACE = 'grace@example.com';

/** `address|name|role` of each person, or `?` and what each column holds, if that has to be asked. */
function read(text: string): string[] {
  const list = readPeople(text);
  if (Array.isArray(list)) return list.map(shown);
  return ['?', ...list.contents.map((content) => content ?? 'unknown')];
}
const shown = ({ email, fullName, roleName }: Entry) =>
  [email, fullName ?? '', roleName ?? ''].join('|').replace(/\|{1,2}$/, '');

it.each<[kind: string, text: string, people: string[]]>([
  // Addresses alone.
  ['one address', ADA, [ADA]],
  ['a line for each', `${ADA}\n${GRACE}`, [ADA, GRACE]],
  ['lines of Windows, empty ones between', `${ADA}\r\n\r\n${GRACE}\r\n`, [ADA, GRACE]],
  ['commas', `${ADA}, ${GRACE}`, [ADA, GRACE]],
  ['commas without blanks, one at the end', `${ADA},${GRACE},`, [ADA, GRACE]],
  ['semicolons', `${ADA}; ${GRACE};`, [ADA, GRACE]],
  ['both separators', `${ADA}, ${GRACE}; alan@example.com`, [ADA, GRACE, 'alan@example.com']],
  ['blanks', `${ADA} ${GRACE}\talan@example.com`, [ADA, GRACE, 'alan@example.com']],
  ['a column of a spreadsheet', `${ADA}\n${GRACE}\n`, [ADA, GRACE]],
  ['a column with its heading', `Email\n${ADA}\n${GRACE}`, [ADA, GRACE]],
  ['a column with a German heading', `E-Mail-Adresse\n${ADA}`, [ADA]],
  ['invisible characters', `\uFEFF${ADA}\u200B\n${GRACE}`, [ADA, GRACE]],
  ['a list with hyphens', `- ${ADA}\n- ${GRACE}`, [ADA, GRACE]],
  ['a list with bullets', `• ${ADA}\n• ${GRACE}`, [ADA, GRACE]],
  ['a numbered list', `1. ${ADA}\n2. ${GRACE}`, [ADA, GRACE]],
  ['an international address', 'jürgen@müller.example', ['jürgen@müller.example']],
  ['what is no address', `${ADA}\nnot-an-address`, [ADA, 'not-an-address']],
  ['an address that the server refuses', 'a..b@example.com', ['a..b@example.com']],
  ['nothing', ' \n ', []],
  // Names, as mail programs copy them (RFC 5322, section 3.4).
  ['a name', `Ada Lovelace <${ADA}>`, [`${ADA}|Ada Lovelace`]],
  ['angle brackets alone', `<${ADA}>, <${GRACE}>`, [ADA, GRACE]],
  ['Outlook', `Grace Hopper <${GRACE}>; Ada <${ADA}>`, [`${GRACE}|Grace Hopper`, `${ADA}|Ada`]],
  [
    'Outlook, last name first',
    `Hopper, Grace <${GRACE}>; L, Ada <${ADA}>`,
    [`${GRACE}|Hopper, Grace`, `${ADA}|L, Ada`],
  ],
  ['Outlook, one person', `Hopper, Grace <${GRACE}>`, [`${GRACE}|Hopper, Grace`]],
  ['Gmail', `"Hopper, Grace" <${GRACE}>, Ada <${ADA}>`, [`${GRACE}|Hopper, Grace`, `${ADA}|Ada`]],
  ['Apple Mail', `Grace Hopper <${GRACE}>, Ada <${ADA}>`, [`${GRACE}|Grace Hopper`, `${ADA}|Ada`]],
  ['Thunderbird, a line each', `Grace <${GRACE}>\nAda <${ADA}>`, [`${GRACE}|Grace`, `${ADA}|Ada`]],
  ['names and plain addresses', `Grace <${GRACE}>, ${ADA}`, [`${GRACE}|Grace`, ADA]],
  ['a quote in a name', `"Grace \\"G\\" Hopper" <${GRACE}>`, [`${GRACE}|Grace "G" Hopper`]],
  ['single quotes', `'Ada' <${ADA}>`, [`${ADA}|Ada`]],
  ['the address as its own name', `${ADA} <${ADA}>`, [ADA]],
  ['a comment', `${ADA} (Ada Lovelace)`, [`${ADA}|Ada Lovelace`]],
  ['no blank before the bracket', `Ada<${ADA}>`, [`${ADA}|Ada`]],
  ['a group', `Team: ${ADA}, Grace <${GRACE}>;`, [ADA, `${GRACE}|Grace`]],
  ['a header', `To: Ada <${ADA}>\nCc: ${GRACE}`, [`${ADA}|Ada`, GRACE]],
  ['a name with @', `Ada @ Work <${ADA}>`, [`${ADA}|Ada @ Work`]],
  ['mailto', `mailto:${ADA}`, [ADA]],
  ['mailto with a subject', `mailto:${ADA},${GRACE}?subject=Hi,%20you`, [ADA, GRACE]],
  ['mailto, encoded', 'mailto:ada%2Bx@example.com', ['ada+x@example.com']],
  ['mailto in brackets', `Ada <mailto:${ADA}>`, [`${ADA}|Ada`]],
  ['a link of Outlook as text', `Ada <${ADA}<mailto:${ADA}>>`, [`${ADA}|Ada`]],
  // Tables whose headings say what they hold.
  ['the documented headings', `email,full_name,role\n${ADA},Ada,Viewer`, [`${ADA}|Ada|Viewer`]],
  ['German headings', `E-Mail;Name;Rolle\n${ADA};Ada;Viewer`, [`${ADA}|Ada|Viewer`]],
  ['another heading of addresses', `Email Address,Role\n${ADA},Viewer`, [`${ADA}||Viewer`]],
  ['cells of a spreadsheet', `Name\tEmail\tRole\nAda\t${ADA}\tViewer`, [`${ADA}|Ada|Viewer`]],
  ['first and last names', `First Name,Last Name,Email\nAda,Lovelace,${ADA}`, [`${ADA}|Ada Lovelace`]],
  ['German first and last names', `Vorname;Nachname;E-Mail\nAda;Lovelace;${ADA}`, [`${ADA}|Ada Lovelace`]],
  ['quoted cells', `email,name\n${ADA},"Lovelace, Ada"`, [`${ADA}|Lovelace, Ada`]],
  ['an empty role', `email,role\n${ADA},\n${GRACE},Viewer`, [ADA, `${GRACE}||Viewer`]],
  ['a short row', `email,role\n${ADA}\n${GRACE},Viewer`, [ADA, `${GRACE}||Viewer`]],
  ['an empty column', `email,,role\n${ADA},,Viewer`, [`${ADA}||Viewer`]],
  ['the line of Excel', `sep=;\nE-Mail;Rolle\n${ADA};Viewer`, [`${ADA}||Viewer`]],
  ['a mailbox in a cell', `email;role\nAda <${ADA}>;Viewer`, [`${ADA}|Ada|Viewer`]],
  [
    'what is no address in a table',
    `email,role\nada,Viewer\n${GRACE},Viewer`,
    ['ada||Viewer', `${GRACE}||Viewer`],
  ],
  // Tables that have to be asked about: no person gets a role that the list does not say.
  ['no heading', `${ADA},Ada,Viewer`, ['?', 'email', 'unknown', 'unknown']],
  ['no heading, semicolons', `Ada;${ADA};Viewer\nGrace;${GRACE};Admin`, ['?', 'unknown', 'email', 'unknown']],
  ['no heading, tabs', `Ada\t${ADA}\tViewer`, ['?', 'unknown', 'email', 'unknown']],
  ['a heading that is not known', `email,access\n${ADA},Viewer`, ['?', 'email', 'unknown']],
  ['a heading of addresses that is not known', `Login;Rolle\n${ADA};Viewer`, ['?', 'unknown', 'role']],
  ['two headings of names', `email,name,full name\n${ADA},Ada,Ada L`, ['?', 'email', 'fullName', 'fullName']],
  ['a column without a heading', `email\n${ADA},Viewer`, ['?', 'email', 'unknown']],
  [
    'a row that is longer than the heading',
    `email,name\n${ADA},Ada,Viewer`,
    ['?', 'email', 'fullName', 'unknown'],
  ],
  ['an address and a word', `${ADA} Viewer`, ['?', 'email', 'unknown']],
  ['a name and an address', `Ada Lovelace ${ADA}\n${GRACE}`, ['?', 'email', 'unknown']],
  ['two addresses in each row', `${ADA},${GRACE},Viewer`, ['?', 'unknown', 'unknown', 'unknown']],
  ['headings without an address', `Name;Rolle\nAda;Viewer`, ['?', 'unknown', 'unknown']],
])('reads the people of %s, or asks', (_, text, people) => {
  expect(read(text)).toEqual(people);
});

it('reads a table by what a person says of its columns', () => {
  const table = readPeople(`Ada;Lovelace;${ADA};Viewer;Berlin`) as PeopleTable;

  const [person] = readRows(table, ['firstName', 'lastName', 'email', 'role', 'unused']);

  expect(person).toEqual({ email: ADA, fullName: 'Ada Lovelace', roleName: 'Viewer' });
});

it.each<[kind: string, text: string, people: string[]]>([
  [
    'a quoted name beside a line that is no address',
    `"Hopper, Grace" <${GRACE}>\nsee you there`,
    [`${GRACE}|Hopper, Grace`, 'see you there'],
  ],
  ['a quoted name in a table', `Kontakt;Rolle\n"Hopper, Grace" <${GRACE}>;Viewer`, ['?', 'unknown', 'role']],
  ['a quote that is not closed', `email,name\n"${ADA},Ada\n${GRACE},Grace`, [`${ADA}|Ada`, `${GRACE}|Grace`]],
  [
    'two quotes that are not closed',
    `email,name\n${ADA},"Ada\n${GRACE},"Grace`,
    [`${ADA}|Ada`, `${GRACE}|Grace`],
  ],
  [
    'a quote before one address and behind another',
    `email,name\n"${ADA},Ada\n${GRACE}",Grace`,
    [`${ADA}|Ada`, `${GRACE}|Grace`],
  ],
  ['a line break in a quoted cell', `email,name\n${ADA},"Ada\nLovelace"`, [`${ADA}|Ada\nLovelace`]],
])('reads every row of %s', (_, text, people) => {
  expect(read(text)).toEqual(people);
});

/** Parts of lists, as they are typed wrongly. `@` stands for the next of many addresses. */
const PARTS = [
  '@',
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\n',
  ' ',
  '<',
  '>',
  '(',
  ')',
  ':',
  "'",
  'Ada',
  'email',
  'role',
];

it('reads any text, and loses no address of it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...PARTS), fc.string()), { maxLength: 40 }), (parts) => {
      let count = 0;
      const text = parts.map((part) => part.replaceAll('@', () => ` p${++count}@example.com `)).join('');
      const list = readPeople(text);
      const rows = Array.isArray(list)
        ? list.map(({ email, fullName }) => [email, fullName ?? ''])
        : list.rows;
      const shownTexts = rows.map((row) => row.join(' '));

      for (const line of text.split(/\r\n|[\r\n]/)) {
        const [first] = /p\d+@example\.com/.exec(line) ?? [];
        if (!first) continue;
        const own = shownTexts.find((shownText) => shownText.includes(first));
        expect(own).toBeDefined();
      }
      const linesWithAddresses = text.split(/\r\n|[\r\n]/).filter((line) => line.includes('@')).length;
      expect(rows.length).toBeGreaterThanOrEqual(linesWithAddresses);
    }),
    { numRuns: 500 },
  );
});
