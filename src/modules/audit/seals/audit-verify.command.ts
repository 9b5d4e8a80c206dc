import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AdminCommand,
  AdminCommandError,
  AdminCommands,
  type AdminOptions,
} from '../../../common/admin-commands.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { NO_ORG } from './seal-key.js';
import { type ChainReport, type RecordedHead, VerifyChains } from './verify-chains.js';

/** `npm run admin -- audit:verify`: prints a line for each chain; exit code 1 if one is broken. */
@Injectable()
export class AuditVerifyCommand implements AdminCommand, OnModuleInit {
  readonly name = 'audit:verify';
  readonly purpose =
    'Verifies the audit log against its seals. --against FILE also compares it with an earlier output.';
  readonly usage = '[--org ID] [--against FILE]';
  readonly options = { org: { type: 'string' }, against: { type: 'string' } } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly verify: VerifyChains,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run({ org, against }: AdminOptions, print: (line: string) => void): Promise<void> {
    if (typeof org === 'string' && !UUID.test(org)) throw new AdminCommandError(`${org} is not a valid id.`);
    let broken = 0;
    let entries = 0;
    const chains =
      typeof org === 'string' ? [await this.verify.verify(org.toLowerCase())] : this.verify.verifyAll();
    for await (const report of chains) {
      print(formatReport(report));
      if ('broken' in report) broken++;
      else entries += report.entries + report.unsealed;
    }
    if (typeof against === 'string') broken += await this.compare(against, print);
    if (broken + entries === 0) throw new AdminCommandError(NO_ENTRIES);
    if (broken > 0) throw new AdminCommandError('The audit log does not match its seals.');
  }

  /** The number of heads in the file that the log does not contain. */
  private async compare(file: string, print: (line: string) => void): Promise<number> {
    let different = 0;
    let heads = 0;
    for await (const head of readHeads(file)) {
      heads++;
      const mismatch = await this.verify.findMismatch(head);
      if (mismatch === null) continue;
      print(`${nameOf(head.chain)}: BROKEN, ${mismatch}`);
      different++;
    }
    if (heads === 0) throw new AdminCommandError(`${file} contains no line of an earlier output.`);
    return different;
  }
}

const NO_ENTRIES =
  'There are no entries to verify; check that the database and the organization are the right ones.';

const nameOf = (chain: string) => (chain === NO_ORG ? 'no organization' : `organization ${chain}`);

function formatReport(report: ChainReport): string {
  const name = nameOf(report.chain);
  if ('broken' in report) return `${name}: BROKEN, ${report.broken}`;
  const { seals, entries, unsealed, head } = report;
  const last = head ? `, head ${head.sequence}:${head.mac.toString('hex')}` : '';
  return `${name}: intact, ${seals} seals of ${entries} entries, ${unsealed} not sealed yet${last}`;
}

const HEAD = /^(?:no organization|organization ([0-9a-f-]{36})): .*, head (\d{1,9}):([0-9a-f]{64})$/;

async function* readHeads(file: string): AsyncGenerator<RecordedHead> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [, chain = NO_ORG, sequence, mac] = HEAD.exec(line) ?? [];
    if (mac) yield { chain, sequence: Number(sequence), mac: Buffer.from(mac, 'hex') };
  }
}
