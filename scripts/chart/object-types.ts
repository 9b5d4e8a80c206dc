/**
 * Checks rendered objects against the types of Kubernetes: the TypeScript compiler finds misspelt and missing fields and wrong
 * types, the models' own validation finds values out of range.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KubernetesObject } from './helm.ts';
import { FOLDER, ROOT } from './tools.ts';

/** Kinds of products whose types no package has. */
const WITHOUT_TYPES = new Set(['route.openshift.io/v1']);

const PACKAGES: Readonly<Record<string, string>> = {
  'argoproj.io': '@kubernetes-models/argo-rollouts',
  'external-secrets.io': '@kubernetes-models/external-secrets',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'networking.istio.io': '@kubernetes-models/istio',
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

/** @throws Error with every problem */
export async function checkObjects(objects: readonly KubernetesObject[]): Promise<void> {
  const known = objects.filter(({ apiVersion }) => !WITHOUT_TYPES.has(apiVersion));
  for (const object of known) await validate(object);
  compile(known);
}

function moduleOf({ apiVersion, kind }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/', 1)[0]! : '';
  const name = PACKAGES[group] ?? 'kubernetes-models';
  return `${name}/${apiVersion}/${kind}`;
}

async function validate(object: KubernetesObject): Promise<void> {
  const path = join(FOLDER, 'node_modules', `${moduleOf(object)}.js`);
  const models = (await import(pathToFileURL(path).href)) as Record<
    string,
    new (data: object) => { validate(): void }
  >;
  const Model = models[object.kind]!;
  try {
    new Model(object).validate();
  } catch (error) {
    throw new Error(`${object.kind} ${object.metadata.name}: ${(error as Error).message}`, { cause: error });
  }
}

function compile(objects: readonly KubernetesObject[]): void {
  const lines = objects.flatMap((object, index) => [
    `import type { I${object.kind} as Type${index} } from '${moduleOf(object)}';`,
    `export const object${index}: Type${index} = ${JSON.stringify(object, null, 1)};`,
  ]);
  const file = join(FOLDER, 'rendered.ts');
  writeFileSync(file, lines.join('\n'));
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022'];
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options, file], {
    encoding: 'utf8',
    cwd: FOLDER,
  });
  if (status !== 0) throw new Error(stdout);
}
