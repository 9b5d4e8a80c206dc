import type { AdminCommand, AdminOptions } from '../../../common/admin-commands.js';
import type { Finding } from './problems.js';
import type { DoctorInput } from './run-checks.js';

/** After the report, what still hangs (a look-up of a name) may not keep the process alive. */
const LINGER_MS = 500;

/** `npm run admin -- doctor`: says what is wrong with an installation, and how to correct it. Changes nothing. */
export class DoctorCommand implements AdminCommand {
  readonly name = 'doctor';
  readonly purpose =
    'Checks settings, database, identity provider, mail server and machine, and says how to correct what is wrong. ' +
    'Changes nothing; exit code 1 if there is an error. --mail-to sends a mail.';
  readonly usage = '[--json] [--mail-to ADDRESS]';
  readonly options = { json: { type: 'boolean' }, 'mail-to': { type: 'string' } } as const;

  constructor(private readonly load: () => Omit<DoctorInput, 'mailTo'>) {}

  async run(options: AdminOptions, print: (line: string) => void): Promise<number> {
    const { runChecks } = await import('./run-checks.js'); // loads half of the server
    const mailTo = options['mail-to'] as string | undefined;
    const findings: Finding[] = [];
    for await (const finding of runChecks({ ...this.load(), mailTo })) {
      findings.push(finding);
      if (options['json'] !== true) for (const line of linesOf(finding)) print(line);
    }
    const count = (wanted: Finding['status']) => findings.filter(({ status }) => status === wanted).length;
    print(
      options['json'] === true
        ? JSON.stringify(findings, null, 2)
        : `\nErrors: ${count('error')}, warnings: ${count('warning')}`,
    );
    setTimeout(() => process.exit(), LINGER_MS).unref();
    return count('error') > 0 ? 1 : 0;
  }
}

const INDENT = ' '.repeat(22);

const linesOf = ({ check, status, problem, message, remedy }: Finding): string[] => [
  `${status.padEnd(8)}${check.padEnd(14)}${printable(message)}`,
  ...(remedy === null || problem === 'not_checked' ? [] : [`${INDENT}${remedy}`]),
];

/** Answers of other servers may be quoted. */
const printable = (text: string): string => text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '?');
