/** What is required of the rendered pods. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { KubernetesObject } from './helm.ts';
import { ROOT } from './tools.ts';

type Variable = {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string; key: string } };
};
type Container = {
  name: string;
  env?: Variable[];
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    capabilities?: { drop?: string[] };
    readOnlyRootFilesystem?: boolean;
  };
};
type Pod = {
  containers: Container[];
  initContainers?: Container[];
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  securityContext: { runAsNonRoot?: boolean; seccompProfile?: { type: string } };
};

export function podOf(objects: readonly KubernetesObject[]): Pod {
  const workload = objects.find(({ kind }) => kind === 'Deployment' || kind === 'Rollout');
  assert.ok(workload, 'a workload is rendered');
  return (workload.spec as { template: { spec: Pod } }).template.spec;
}

/** The pod of `helm test`. */
export function doctorOf(objects: readonly KubernetesObject[]): Pod {
  const pod = objects.find(({ kind }) => kind === 'Pod');
  assert.ok(pod, 'a pod for `helm test` is rendered');
  return pod.spec as Pod;
}

/** The pod security standard "restricted", and a root file system that cannot be written to. */
export function assertRestricted(pod: Pod): void {
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(pod.securityContext.seccompProfile?.type, 'RuntimeDefault');
  assert.equal(pod.enableServiceLinks, false);
  for (const { name, securityContext } of [...pod.containers, ...(pod.initContainers ?? [])]) {
    assert.equal(securityContext?.allowPrivilegeEscalation, false, name);
    assert.deepEqual(securityContext?.capabilities, { drop: ['ALL'] }, name);
    if (['server', 'migrations', 'doctor'].includes(name))
      assert.equal(securityContext?.readOnlyRootFilesystem, true, name);
  }
}

/** Values of the keys in Secrets that exist already. */
const EXISTING: Readonly<Record<string, string>> = {
  api_key_salt: 'salt-EXAMPLE',
  jwt_secret: 'jwt-secret-EXAMPLE-of-at-least-32-characters',
  initial_org_admin_password: 'Tenantry-Example-1!',
  oauth_client_id: 'client-EXAMPLE',
  oauth_client_secret: 'secret-EXAMPLE',
  oauth_issuer_url: 'https://idp.example.com',
  service_key: serviceKey(),
  scim_token: `lsv2_scim_${randomBytes(32).toString('base64url')}`,
  smtp_url: 'smtps://user:password@mail.example.com',
  outbound_proxy: 'http://user:password@proxy.example.com:3128',
  'mark-smtp-key': 'smtps://user:password@mail.example.com',
  connection_url: 'tenantry:p@ss#1@pg.example.com:5432/tenantry',
  direct_connection_url: 'postgres://tenantry:secret@pg.example.com:5432/tenantry',
  mark_url: 'tenantry:secret@pg.example.com:5432/tenantry',
  mark_direct_url: 'postgres://tenantry:secret@pg.example.com:5432/tenantry',
};

/** The environment of the server as the kubelet would make it; paths of mounted files lead to files of this machine. */
export function environmentOf(objects: readonly KubernetesObject[]): Record<string, string> {
  const secrets = new Map(
    objects
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata, stringData }) => [metadata.name, stringData]),
  );
  const server = podOf(objects).containers.find(({ name }) => name === 'server');
  const entries = (server?.env ?? []).map(({ name, value, valueFrom }) => {
    const { name: secret = '', key = '' } = valueFrom?.secretKeyRef ?? {};
    const given = value ?? (secrets.has(secret) ? secrets.get(secret)?.[key] : EXISTING[key]);
    if (valueFrom?.secretKeyRef)
      assert.ok(given, `${name} refers to the key ${key}, which the secret ${secret} has not`);
    return [name, mounted(given ?? 'from-the-pod')] as const;
  });
  const names = entries.map(([name]) => name);
  assert.deepEqual(names, [...new Set(names)], 'each variable is given once');
  const environment = Object.fromEntries(entries);
  const bootstrap = objects.find(({ data }) => data?.['bootstrap.json'])?.data?.['bootstrap.json'];
  if (bootstrap) writeFileSync(environment['BOOTSTRAP_FILE'] ?? '', bootstrap);
  return environment;
}

/** As docs/operations.md#bootstrap generates one. */
function serviceKey(): string {
  const body = `lsv2_sk_${randomBytes(16).toString('hex')}`;
  return `${body}_${createHash('sha256').update(body).digest('hex').slice(0, 10)}`;
}

const folder = mkdtempSync(join(tmpdir(), 'tenantry-chart-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

function mounted(value: string): string {
  const file = /^\/etc\/(tenantry|postgres|ssl)\//.test(value) ? basename(value) : null;
  if (file === null) return value;
  if (file.endsWith('.crt')) return join(ROOT, 'test/support/tls/certificate.pem');
  if (file === 'client.key') return join(ROOT, 'test/support/tls/key.pem');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, file), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return join(folder, file);
}
