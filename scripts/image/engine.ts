/** buildah and podman, on machines whose kernel or container still has cgroups of both versions as well. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TOOLS = ['buildah', 'podman', 'unshare', 'apt-get', 'dpkg-deb', 'openssl'];
const HYBRID = '/sys/fs/cgroup/unified'; // crun refuses to start where this is mounted beside cgroups of version 1
const TEN_MINUTES_MS = 600_000;

/** Why images cannot be built here, or null. */
export function missingPrerequisite(): string | null {
  if (process.getuid?.() !== 0) return 'only root can build and run images without further set-up';
  const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version']).error);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : null;
}

const folder = mkdtempSync(join(tmpdir(), 'tenantry-containers-'));
/** Without cgroups and limits, which containers inside of containers may not set. */
const CONTAINERS = `[containers]
cgroups = "disabled"
netns = "host"
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
`;
/** Images and containers of one run, which end with it. */
const STORAGE = `[storage]
driver = "overlay"
graphroot = "${folder}/images"
runroot = "${folder}/run"
`;
writeFileSync(join(folder, 'containers.conf'), CONTAINERS);
writeFileSync(join(folder, 'storage.conf'), STORAGE);
const env: NodeJS.ProcessEnv = {
  ...process.env,
  CONTAINERS_CONF: join(folder, 'containers.conf'),
  CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
  PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
};

/** Builds into the image store of this machine, and leaves the images there. */
export function useSharedStore(): void {
  delete env['CONTAINERS_STORAGE_CONF'];
}

/** Removes what this run stored. */
export function removeStore(): void {
  attempt('umount', ['--recursive', '--quiet', join(folder, 'images', 'overlay')]);
  rmSync(folder, { recursive: true, force: true });
}

/** The output of a program. @throws Error with what it printed, if it fails */
export function run(command: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = attempt(command, args, input);
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed with ${status}:\n${stdout}${stderr}`.slice(0, 8000));
  return stdout.trim();
}

const attempt = (command: string, args: readonly string[], input?: string): SpawnSyncReturns<string> =>
  spawnSync(command, args, {
    encoding: 'utf8',
    input,
    env,
    maxBuffer: 256 * 1024 * 1024,
    timeout: TEN_MINUTES_MS,
  });

export const buildah = (...args: string[]): string => run('buildah', args);

/** podman in a mount namespace of its own, where the second kind of cgroups is not mounted. */
export function podman(...args: string[]): string {
  const { command, args: wrapped } = podmanCommand(args);
  return run(command, wrapped);
}

/** The same with its exit code. */
export function tryPodman(...args: string[]): SpawnSyncReturns<string> {
  const { command, args: wrapped } = podmanCommand(args);
  return attempt(command, wrapped);
}

function podmanCommand(args: readonly string[]): { command: string; args: string[] } {
  if (!existsSync(HYBRID)) return { command: 'podman', args: [...args] };
  const script = `umount ${HYBRID} && exec podman "$@"`;
  return { command: 'unshare', args: ['--mount', 'sh', '-c', script, 'podman', ...args] };
}
