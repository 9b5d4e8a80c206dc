/**
 * `npm run check:chart`: renders the chart with Helm 4 and 3 for every example and for values that use every path, checks the
 * objects against the types of Kubernetes, and gives the rendered environments to the server's own reader of settings.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHART, type KubernetesObject, parseYaml, refusal, render, runHelm } from './helm.ts';
import { checkObjects } from './object-types.ts';
import { assertRestricted, doctorOf, environmentOf, podOf } from './pods.ts';
import { fetchTools, helmPrograms, ROOT } from './tools.ts';

const TEST_VALUES = join(ROOT, 'test', 'chart');
const MARKED = new Set(['every-value.yaml', 'other-branches.yaml']);
const MINIMAL = join(CHART, 'examples', 'minimal.yaml');

async function checkChart(): Promise<void> {
  const helm = helmPrograms[0]!;
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')]);
  checkVersion();
  checkSchema();
  checkDocumentation();
  const all: KubernetesObject[] = [];
  const files = [join(CHART, 'examples'), TEST_VALUES].flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  for (const file of files) all.push(...(await checkValues(file)));
  await checkObjects(all);
  console.log(`ok: ${all.length} objects have the types of Kubernetes`);
  checkRefusals(helm);
  checkWithoutEffect(helm);
  checkPackage();
  await checkCompose();
  await checkVariables(helm);
}

/** Every path of values.yaml is described in the schema. */
function checkSchema(): void {
  const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema;
  const undescribed = pathsWithoutSchema(
    parseYaml(readFileSync(join(CHART, 'values.yaml'), 'utf8')),
    schema,
    '',
  );
  assert.deepEqual(undescribed, [], 'values.schema.json describes every path of values.yaml');
  assert.notEqual(
    schema.additionalProperties,
    false,
    'values of other parts of the LangSmith chart are allowed',
  );
  console.log('ok: the schema describes every value');
}

type Schema = { properties?: Record<string, Schema>; additionalProperties?: boolean };

function pathsWithoutSchema(value: unknown, schema: Schema | undefined, path: string): string[] {
  if (!schema) return [path];
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !schema.properties) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsWithoutSchema(inner, schema.properties?.[key], path === '' ? key : `${path}.${key}`),
  );
}

/** The chart is for this version of the server. */
function checkVersion(): void {
  const { version, appVersion } = parseYaml(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as Record<
    string,
    string
  >;
  const server = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  assert.deepEqual(
    [version, appVersion],
    [server.version, server.version],
    'Chart.yaml has the version of package.json',
  );
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(/\W+/));

/** docs/install-kubernetes.md names every value at the top and in `config`. */
function checkDocumentation(): void {
  const text = readFileSync(join(ROOT, 'docs', 'install-kubernetes.md'), 'utf8');
  const values = parseYaml(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Record<string, object>;
  const names = [...Object.keys(values), ...Object.keys(values['config'] ?? {})];
  const named = wordsOf(text);
  const unnamed = names.filter((name) => !name.startsWith('common') && !named.has(name));
  assert.deepEqual(unnamed, [], 'docs/install-kubernetes.md names every value');
  console.log('ok: the documentation names every value');
}

/** The objects, which have to be the same from each Helm and each time. */
async function checkValues(file: string): Promise<readonly KubernetesObject[]> {
  const name = file.slice(ROOT.length);
  const [first, ...others] = helmPrograms.map((helm) => {
    runHelm(helm, ['lint', '--strict', CHART, '--values', file]);
    return render(helm, file);
  });
  assert.ok(first);
  for (const other of others)
    assert.deepEqual(other.objects, first.objects, `${name}: both versions of Helm agree`);
  assert.equal(render(helmPrograms[0]!, file).text, first.text, `${name}: nothing is random`);
  assert.doesNotMatch(first.text, /helm\.sh\/hook"?: (?!test)/, `${name}: no hooks but that of helm test`);
  assertRestricted(podOf(first.objects));
  assertRestricted(doctorOf(first.objects));
  if (MARKED.has(file.split('/').at(-1)!)) checkMarks(file, first.text);
  await checkEnvironment(name, first.objects);
  return first.objects;
}

function checkMarks(file: string, text: string): void {
  const marks = readFileSync(file, 'utf8').match(/mark-[\w#@.-]*\w/g) ?? [];
  const lost = marks.filter((mark) => !text.includes(mark));
  assert.deepEqual(lost, [], `${file}: every value reaches what is rendered`);
}

/** Ties chart and server: the variables are those that the server reads, with values that it accepts. */
async function checkEnvironment(name: string, objects: readonly KubernetesObject[]): Promise<void> {
  const accept = await settingsReader();
  const environment = environmentOf(objects);
  accept(environment);
  console.log(`ok: ${name}: ${objects.length} objects, ${Object.keys(environment).length} variables`);
}

/** The server's own; it throws an error with every problem. */
async function settingsReader(): Promise<(environment: Record<string, string>) => void> {
  const { parseEnvironment } =
    await built<typeof import('../../src/config/parse-environment.js')>('parse-environment');
  return (environment) => void parseEnvironment(environment, { hasEmbeddedPostgres: false });
}

const built = <Module>(name: string) =>
  import(pathToFileURL(join(ROOT, `dist/src/config/${name}.js`)).href) as Promise<Module>;

/** The files for Docker Compose, with passwords and with the identity provider. */
async function checkCompose(): Promise<void> {
  const accept = await settingsReader();
  const [base, passwords] = ['compose.yaml', 'compose.passwords.yaml'].map((name) => {
    const file = parseYaml(readFileSync(join(ROOT, 'deploy', name), 'utf8')) as Compose;
    return file.services.server.environment;
  });
  accept({ ...base });
  accept({ ...base, ...passwords });
  console.log('ok: the server accepts the settings of deploy/compose.yaml');
}

/** Variables of the chart itself; those that an operator gives are theirs. */
async function checkVariables(helm: string): Promise<void> {
  const { VARIABLES } = await built<typeof import('../../src/config/settings.js')>('settings');
  const names = readdirSync(join(CHART, 'examples')).flatMap((file) =>
    Object.keys(environmentOf(render(helm, join(CHART, 'examples', file)).objects)),
  );
  const unread = names.filter((name) => !VARIABLES.includes(name));
  assert.deepEqual([...new Set(unread)], [], 'the server reads every variable that the chart sets');
  console.log(`ok: the server reads all ${new Set(names).size} variables of the examples`);
}

type Compose = { services: { server: { environment: Record<string, string> } } };

const REFUSED: readonly (readonly [args: string[], ...messages: RegExp[]])[] = [
  [[], /4 value\(s\) to set/, /apiKeySalt/, /postgres\.external\.enabled/],
  [['--set=config.basicAuth.jwtSecret='], /config\.basicAuth\.jwtSecret: is needed/],
  [['--set=config.basicAuth.initialOrgAdminPassword='], /initialOrgAdminPassword: is needed/],
  [['--set=config.basicAuth.initialOrgAdminPassword=short'], /initialOrgAdminPassword: needs 12/],
  [['--set=config.initialOrgAdminEmail='], /config\.initialOrgAdminEmail: the address/],
  [['--set=config.oauth.enabled=true'], /only one of them/],
  [['--set=config.authType=none'], /authType/],
  [
    ['--set=config.console.enabled=false'],
    /config\.console\.enabled: has to be true for authorizationServer/,
  ],
  [['--set=config.customCa.secretName=ca'], /config\.customCa\.secretKey: is needed/],
  [['--set=postgres.external.iamAuthProvider=aws'], /iamAuthProvider: is not supported/],
  [['--set=postgres.external.clientCert.secretName=x'], /customTls: has to be true/],
  [
    ['--set=ingress.enabled=true,istioGateway.enabled=true'],
    /ingress\.enabled, istioGateway\.enabled: only one/,
  ],
  [['--set=config.smtp.from=a@example.com'], /config\.smtp\.url: is needed/],
  [
    ['--set=config.observability.tracing.enabled=true,config.observability.tracing.exporter=grpc'],
    /tracing\.endpoint: is needed/,
    /tracing\.exporter: has to be http/,
  ],
  [['--set=config.bootstrap.scimTokenSecretKey=token'], /existingSecretName: is needed/],
  [['--set=config.limits.requestPerMinute=1'], /requestPerMinute/],
  [['--set=backend.deployment.replicas=two'], /replicas/],
  [
    [
      '--set-json=commonEnv=[{"name":"A","value":"1"}]',
      '--set-json=backend.deployment.extraEnv=[{"name":"A","value":"2"}]',
    ],
    /variable A is given twice/,
  ],
];

function checkRefusals(helm: string): void {
  for (const [args, ...messages] of REFUSED) {
    const values = args.length > 0 ? ['--values', MINIMAL] : [];
    const refused = refusal(helm, ...values, ...args);
    for (const message of messages) assert.match(refused, message);
  }
  console.log(`ok: ${REFUSED.length} unusable combinations are refused, each with its reason`);
}

/** The values that an operator of LangSmith has and that mean nothing here are named. */
function checkWithoutEffect(helm: string): void {
  const { objects, text } = render(helm, join(TEST_VALUES, 'langsmith-values.yaml'));
  const workload = objects.find(({ kind }) => kind === 'Deployment');
  const named = workload?.metadata.annotations?.['tenantry/values-without-effect']?.split(', ') ?? [];
  assert.deepEqual(named.toSorted(), [
    'backend.clickhouseMigrations',
    'backend.deployment.command',
    'clickhouse',
    'config.blobStorage',
    'config.langsmithLicenseKey',
    'config.security.cors.alwaysAllowPathsRegex',
    'config.telemetry',
    'config.ttl',
    'frontend',
    'images.backendImage.repository',
    'images.backendImage.tag',
    'images.frontendImage',
    'platformBackend.autoscaling',
    'platformBackend.deployment.replicas',
    'queue',
    'redis',
  ]);
  assert.doesNotMatch(text, /mark-not-rendered|langchain/);
  const notes = runHelm(helm, [
    ...['install', 'release', CHART, '--dry-run=client', '--values'],
    join(TEST_VALUES, 'langsmith-values.yaml'),
  ]);
  const listed = /These values have no effect here:\n((?: {2}\S+\n)+)/.exec(notes)?.[1] ?? '';
  assert.deepEqual(listed.trim().split(/\s+/).toSorted(), named.toSorted(), 'the notes name the same');
  console.log(`ok: ${named.length} values without effect are named`);
}

function checkPackage(): void {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-chart-package-'));
  for (const helm of helmPrograms) runHelm(helm, ['package', CHART, '--destination', folder]);
  rmSync(folder, { recursive: true });
  console.log('ok: both versions of Helm package it');
}

const missing = fetchTools();
if (missing === null) await checkChart();
else console.log(`The chart was not checked: ${missing}.`);
