/** Renders the chart. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FOLDER, ROOT } from './tools.ts';

export const CHART = join(ROOT, 'deploy', 'chart');

export type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  spec?: unknown;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
};

export interface Rendered {
  readonly text: string;
  readonly objects: readonly KubernetesObject[];
}

/** @throws Error with the message of Helm */
export function render(helm: string, values: string, ...more: string[]): Rendered {
  const text = runHelm(helm, [
    'template',
    'release',
    CHART,
    '--namespace',
    'space',
    '--values',
    values,
    ...more,
  ]);
  return { text, objects: parseDocuments(text) };
}

/** The message with which Helm refuses values. */
export function refusal(helm: string, ...args: string[]): string {
  const { status, stderr } = spawnSync(helm, ['template', 'release', CHART, ...args], { encoding: 'utf8' });
  if (status === 0) throw new Error(`helm template ${args.join(' ')} did not fail`);
  return stderr;
}

export function runHelm(helm: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`helm ${args.join(' ')}\n${stderr}`);
  return stdout;
}

const yaml = () =>
  createRequire(join(FOLDER, 'package.json'))('yaml') as {
    parse: (text: string) => unknown;
    parseAllDocuments: (text: string) => { toJS: () => unknown }[];
  };

export const parseYaml = (text: string): unknown => yaml().parse(text);

const parseDocuments = (text: string): KubernetesObject[] =>
  yaml()
    .parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
