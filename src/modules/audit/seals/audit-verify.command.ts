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

import { formatHead, parseHead, readExportedHead } from './exported-head.js';
import { NO_ORG } from './seal-key.js';
import { type ChainReport, type RecordedHead, VerifyChains } from './verify-chains.js';

/** Neither confirmed nor refuted. */
const CANNOT_BE_COMPARED = 3;

/** `npm run admin -- audit:verify`: prints a line for each chain; exit code 1 if one is broken. */
@Injectable()
export class AuditVerifyCommand implements AdminCommand, OnModuleInit {
  readonly name = 'audit:verify';
  readonly purpose =
    'Verifies the audit log against its seals. --against FILE also compares it with an earlier output, --export FILE ' +
    'with an access report, whose organization alone is verified.';
  readonly usage = '[--org ID] [--against FILE | --export FILE]';
  readonly options = {
    org: { type: 'string' },
    against: { type: 'string' },
    export: { type: 'string' },
  } as const;

  constructor(
    private readonly commands: AdminCommands,
    private readonly verify: VerifyChains,
  ) {}

  onModuleInit(): void {
    this.commands.add(this);
  }

  async run({ org, against, export: report }: AdminOptions, print: (line: string) => void): Promise<void> {
    if (typeof org === 'string' && !UUID.test(org)) throw new AdminCommandError(`${org} is not a valid id.`);
    const exported = typeof report === 'string' ? await readExportedHead(report) : null;
    if (exported && typeof org === 'string' && org.toLowerCase() !== exported.orgId)
      throw new AdminCommandError(`The report is of the organization ${exported.orgId}.`);
    const only = exported?.orgId ?? (typeof org === 'string' ? org.toLowerCase() : null);
    let broken = 0;
    let entries = 0;
    for await (const chain of only === null ? this.verify.verifyAll() : [await this.verify.verify(only)]) {
      print(formatReport(chain));
      if ('broken' in chain) broken++;
      else entries += chain.entries + chain.unsealed;
    }
    if (typeof against === 'string') broken += await this.compare(against, print);
    if (broken + entries === 0) throw new AdminCommandError(NO_ENTRIES);
    if (broken > 0) throw new AdminCommandError('The audit log does not match its seals.');
    if (exported) await this.confirm(exported.orgId, exported.head, print);
  }

  /** The number of heads in the file that the log does not contain. */
  private async compare(file: string, print: (line: string) => void): Promise<number> {
    let different = 0;
    let heads = 0;
    for await (const head of readHeads(file)) {
      heads++;
      const found = await this.verify.compareHead(head, 'the earlier output');
      if (found.is !== 'different') continue;
      print(`${nameOf(head.chain)}: BROKEN, ${found.reason}`);
      different++;
    }
    if (heads === 0) throw new AdminCommandError(`${file} contains no line of an earlier output.`);
    return different;
  }

  /** @throws AdminCommandError unless the log has the head of the report */
  private async confirm(
    orgId: string,
    head: Omit<RecordedHead, 'chain'> | null,
    print: (line: string) => void,
  ): Promise<void> {
    if (!head)
      throw new AdminCommandError('Nothing was sealed when the report was made, so it names no seal.', {
        exitCode: CANNOT_BE_COMPARED,
      });
    const found = await this.verify.compareHead({ ...head, chain: orgId }, 'the report');
    if (found.is === 'different')
      throw new AdminCommandError(`The report does not belong to this audit log: ${found.reason}.`);
    if (found.is === 'removed')
      throw new AdminCommandError(
        `Retention has removed seal ${head.sequence}, which the report names, so that it cannot be compared.`,
        { exitCode: CANNOT_BE_COMPARED },
      );
    print(`The report belongs to this audit log: it names seal ${head.sequence}.`);
  }
}

const NO_ENTRIES =
  'There are no entries to verify; check that the database and the organization are the right ones.';

const nameOf = (chain: string) => (chain === NO_ORG ? 'no organization' : `organization ${chain}`);

function formatReport(report: ChainReport): string {
  const name = nameOf(report.chain);
  if ('broken' in report) return `${name}: BROKEN, ${report.broken}`;
  const { seals, entries, unsealed, head } = report;
  const last = head ? `, head ${formatHead(head)}` : '';
  return `${name}: intact, ${seals} seals of ${entries} entries, ${unsealed} not sealed yet${last}`;
}

const HEAD = /^(?:no organization|organization ([0-9a-f-]{36})): .*, head (\S+)$/;

async function* readHeads(file: string): AsyncGenerator<RecordedHead> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [, chain = NO_ORG, text = ''] = HEAD.exec(line) ?? [];
    const head = parseHead(text);
    if (head) yield { chain, ...head };
  }
}
