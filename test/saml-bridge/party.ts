import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '../support/audit-log.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const INSTALL = [
  'ci',
  '--ignore-scripts',
  '--replace-registry-host=registry.invalid',
  '--no-audit',
  '--no-fund',
];

/** With the versions of its own lock; scripts of the packages are for databases that are not used here. */
export function installParties(): void {
  if (existsSync(`${HERE}node_modules/.package-lock.json`)) return;
  execFileSync('npm', INSTALL, { cwd: HERE, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A program of this folder, in a process of its own. It prints a line of JSON when it listens, and may print more. */
export class Party {
  readonly lines: any[] = [];
  private stderr = '';

  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => this.lines.push(JSON.parse(line)));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  static async start(file: string, options: Record<string, unknown>): Promise<Party> {
    const party = new Party(spawn(process.execPath, [`${HERE}${file}`, JSON.stringify(options)]));
    await until(() => party.lines.length > 0 || party.hasEnded, 60);
    if (party.hasEnded) throw new Error(`${file} ended without listening: ${party.stderr}`);
    return party;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill();
    await once(this.child, 'exit');
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}
