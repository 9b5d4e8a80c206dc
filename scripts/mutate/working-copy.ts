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
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';
import { runProcess } from './run-process.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const BUILD_LIMIT_MS = 3 * 60_000;

export const projectPath = (...parts: string[]): string => join(PROJECT, ...parts);

export const readProject = (file: string): string => readFileSync(projectPath(file), 'utf8');

/** Tracked and new files as they are now; deleted and ignored ones are left out. */
export function projectFiles(): string[] {
  const list = (...options: string[]) =>
    execFileSync('git', ['ls-files', '-z', ...options], { cwd: PROJECT, encoding: 'utf8' }).split('\0');
  const deleted = new Set(list('--deleted'));
  return list('--cached', '--others', '--exclude-standard').filter((file) => file && !deleted.has(file));
}

/** A built copy of the project in a temporary folder, so that no change touches the working tree. */
export class WorkingCopy {
  /** Holds the copy and what belongs to it. */
  readonly folder = mkdtempSync(join(tmpdir(), 'tenantry-mutate-'));
  readonly root = join(this.folder, 'project');

  constructor() {
    chmodSync(this.folder, 0o755); // as root, PostgreSQL runs as another user
    for (const file of projectFiles()) cpSync(join(PROJECT, file), join(this.root, file));
    linkPackages(this.root);
  }

  async build(signal: AbortSignal): Promise<void> {
    for (const script of ['build', 'build-console']) {
      const run = { cwd: this.root, timeoutMs: BUILD_LIMIT_MS, signal };
      const { code, output } = await runProcess(process.execPath, [join('scripts', `${script}.mjs`)], run);
      if (code !== 0) throw new Error(`The copy could not be built: ${output}`);
    }
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  /** Brings the build up to date by this file alone, which a test would do for all files. */
  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
    if (!/^(?:src|migrations)\//.test(file)) return;
    const built = join(this.root, 'dist', file);
    if (file.endsWith('.ts')) {
      const { code } = transformFileSync(join(this.root, file), { cwd: this.root, sourceMaps: false });
      writeFileSync(built.replace(/\.ts$/, '.js'), code);
    } else writeFileSync(built, text);
    const now = new Date();
    utimesSync(join(this.root, 'dist', 'src', 'main.js'), now, now);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Link by link: `node_modules/.cache`, which a build writes, stays a folder of the copy. */
function linkPackages(root: string): void {
  const [installed, links] = [join(PROJECT, 'node_modules'), join(root, 'node_modules')];
  mkdirSync(links);
  for (const name of readdirSync(installed)) {
    if (name !== '.cache') symlinkSync(join(installed, name), join(links, name));
  }
}
