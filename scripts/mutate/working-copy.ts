import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the project in a temporary folder, so that no change touches the working tree. */
export class WorkingCopy {
  /** Holds the copy and what belongs to it. */
  readonly folder = mkdtempSync(join(tmpdir(), 'tenantry-mutate-'));
  readonly root = join(this.folder, 'project');

  constructor() {
    chmodSync(this.folder, 0o755); // as root, PostgreSQL runs as another user
    for (const file of projectFiles()) cpSync(join(PROJECT, file), join(this.root, file));
    linkPackages(this.root);
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Tracked and new files as they are now; deleted and ignored ones are left out. */
function projectFiles(): string[] {
  const list = (...options: string[]) =>
    execFileSync('git', ['ls-files', '-z', ...options], { cwd: PROJECT, encoding: 'utf8' }).split('\0');
  const deleted = new Set(list('--deleted'));
  return list('--cached', '--others', '--exclude-standard').filter((file) => file && !deleted.has(file));
}

/** Link by link: `node_modules/.cache`, which a build writes, stays a folder of the copy. */
function linkPackages(root: string): void {
  const [installed, links] = [join(PROJECT, 'node_modules'), join(root, 'node_modules')];
  mkdirSync(links);
  for (const name of readdirSync(installed)) {
    if (name !== '.cache') symlinkSync(join(installed, name), join(links, name));
  }
}

export const projectPath = (...parts: string[]): string => join(PROJECT, ...parts);
