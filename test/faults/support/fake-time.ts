import { chmodSync, globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [LIBRARY] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');

export const hasFakeTime = LIBRARY !== undefined;
if (!hasFakeTime)
  console.warn(
    'There is no libfaketime on this machine (Debian: faketime): tests of a jumping clock are skipped.',
  );

/** The wall clock of a process that can be moved while it runs. Its monotonic clock runs on, as on a real machine. */
export class FakeTime {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tenantry-clock-'));
  private readonly file = join(this.folder, 'offset');
  /** For the process whose clock it is. */
  readonly environment: Record<string, string> = {
    LD_PRELOAD: LIBRARY ?? '',
    FAKETIME_TIMESTAMP_FILE: this.file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };

  constructor() {
    chmodSync(this.folder, 0o755); // also for processes of other users
    this.jumpTo('+0');
  }

  /** `offset` from the true time, such as `+1d`. */
  jumpTo(offset: string): void {
    writeFileSync(`${this.file}.new`, `${offset}\n`);
    renameSync(`${this.file}.new`, this.file); // the process never reads half of it
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
