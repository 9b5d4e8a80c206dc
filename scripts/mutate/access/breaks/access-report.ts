import type { Break } from '../break.ts';

const CONTROLLER = 'src/modules/access-answers/report/access-report.controller.ts';
const STATEMENTS = 'src/modules/access-answers/report/access-grants.statements.ts';
const COMMAND = 'src/modules/audit/seals/verify-chains.ts';
const TESTS = ['test/e2e/access-report.e2e.ts'];

/** Who reads the access report, what it says, and whether its head is compared. */
export const ACCESS_REPORT: readonly Break[] = [
  {
    id: 'access-report.rank',
    file: CONTROLLER,
    find: '  @OrgAdminsOnly(OnlyAdminsReadAccessReports)\n',
    replace: '',
    why: 'Operators would see all keys and tokens.',
    tests: TESTS,
  },
  {
    id: 'access-report.organization',
    file: STATEMENTS,
    find: "where k.org_id = $1 and k.kind = 'pat'",
    replace: "where k.kind = 'pat'",
    why: 'The report would show tokens of other organizations.',
    tests: TESTS,
  },
  {
    id: 'access-report.user-groups-where-they-are-on',
    file: STATEMENTS,
    find: 'where n.id = $1 and n.can_use_user_groups',
    replace: 'where n.id = $1',
    why: 'Auditors would read roles that have no effect.',
    tests: TESTS,
  },
  {
    id: 'access-report.formulas',
    file: 'src/common/lists/csv.ts',
    find: "(FORMULA.test(value) ? `'${value}` : value)",
    replace: '(value)',
    why: 'A name could run as a formula in the spreadsheet of an admin.',
    tests: TESTS,
  },
  {
    id: 'access-report.formulas-behind-blanks',
    file: 'src/common/lists/csv.ts',
    find: String.raw`[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*`,
    replace: '',
    why: 'A name could run as a formula in the spreadsheet of an admin, by a blank before it.',
    tests: TESTS,
  },
  {
    id: 'access-report.formulas-in-full-width',
    file: 'src/common/lists/csv.ts',
    find: '[=+\\-@＝＋－＠]',
    replace: '[=+\\-@]',
    why: 'A name could run as a formula in the spreadsheet of an admin whose keyboard writes signs in full width.',
    tests: TESTS,
  },
  {
    id: 'access-report.head',
    file: COMMAND,
    find: 'isEqualMac(seal.mac, mac) && (through ?? seal.through) === seal.through',
    replace: 'mac.length > 0',
    why: 'A report of another audit log would be confirmed.',
    tests: TESTS,
  },
];
