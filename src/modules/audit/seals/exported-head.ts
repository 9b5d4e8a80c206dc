import { open } from 'node:fs/promises';
import { AdminCommandError } from '../../../common/admin-commands.js';
import { parsedJson } from '../../../common/json.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import type { ChainEnd } from './audit-seals.repository.js';

export type Head = Pick<ChainEnd, 'sequence' | 'mac'>;

/** The last seal of a chain, in one word: how the command prints it and how exports name it. */
export const formatHead = ({ sequence, mac }: Head): string => `${sequence}:${mac.toString('hex')}`;

/** Null if it is none. */
export function parseHead(text: string): Head | null {
  const [, sequence, mac] = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text) ?? [];
  return mac ? { sequence: Number(sequence), mac: Buffer.from(mac, 'hex') } : null;
}

/** `head`: null if nothing was sealed when it was exported. `through`: the position up to which it was sealed. */
type ExportedHead = {
  readonly orgId: string;
  readonly head: (Head & { readonly through: string }) | null;
};

/** Both formats name the head within this beginning, so that an export of any size is not read whole. */
const BEGINNING_BYTES = 64 * 1024;

/**
 * The head of the audit log in an access report, JSON or CSV (docs/contract/access-report.md#head-of-the-audit-log).
 *
 * @throws AdminCommandError if the file cannot be read, or is none
 */
export async function readExportedHead(path: string): Promise<ExportedHead> {
  const beginning = await readBeginning(path);
  const found = fromJson(beginning) ?? fromCsv(beginning);
  if (!found) throw new AdminCommandError(`${path} is not an access report.`);
  return found;
}

async function readBeginning(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES));
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    throw new AdminCommandError(`${path} cannot be read.`, { cause: error });
  }
}

/** The members before the grants. */
const JSON_START = /^\uFEFF?\s*(\{[^[]*?),\s*"grants"\s*:\s*\[/;

function fromJson(text: string): ExportedHead | null {
  const [, start] = JSON_START.exec(text) ?? [];
  const report = parsedJson(`${start ?? ''}}`) as Partial<Record<string, unknown>> | undefined;
  if (!start || !report) return null;
  const { organization_id: orgId, audit_log: log } = report;
  const { position = null, seal = null } = (log ?? {}) as Partial<Record<string, unknown>>;
  return toHead(orgId, position, seal);
}

/** The first row has neither quotes nor separators in its cells. */
function fromCsv(text: string): ExportedHead | null {
  const [names = [], cells = []] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 2)
    .map((line) => line.split(','));
  const cell = (name: string) => cells[names.indexOf(name)] || null;
  if (cell('kind') !== 'audit_log_head') return null;
  return toHead(cell('id'), cell('audit_log_position'), cell('audit_log_seal'));
}

function toHead(orgId: unknown, position: unknown, seal: unknown): ExportedHead | null {
  if (typeof orgId !== 'string' || !UUID.test(orgId)) return null;
  if (seal === null && position === null) return { orgId, head: null };
  const head = typeof seal === 'string' ? parseHead(seal) : null;
  return head && typeof position === 'string' ? { orgId, head: { ...head, through: position } } : null;
}
