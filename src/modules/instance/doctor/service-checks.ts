import { randomUUID } from 'node:crypto';
import { isJsonObject } from '../../../common/json.js';
import { Mailer } from '../../../common/mail/mailer.js';
import { Metrics } from '../../../common/metrics/metrics.js';
import { version } from '../../../common/version.js';
import type { Config } from '../../../config/config.js';
import type { OpenDatabase } from '../../../database/open-database.js';
import { checkProvider as askProvider, ProviderFailed, RejectedByProvider } from '../../auth/oidc/index.js';
import { DoctorReadModel } from './doctor.read-model.js';
import { found, foundIf, ok, type Problem, type Result } from './problems.js';

/** Certificates that are not valid, as Node names them. */
const CERTIFICATE = /^(?:ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY))/;

export async function checkAddress({ server }: Config, signal: AbortSignal): Promise<Result[]> {
  const { publicUrl } = server;
  if (publicUrl === null) return [ok('LANGSMITH_URL is not set: links in mails and single sign-on need it.')];
  const address = `${publicUrl}/api/v1/info`;
  try {
    const response = await fetch(address, { redirect: 'manual', signal });
    return [await judge(response, address)];
  } catch (error) {
    const { code = 'no response' } = ((error as Error).cause ?? {}) as { code?: string };
    const problem = CERTIFICATE.test(code) ? 'address_tls_failed' : 'address_unreachable';
    return [found(problem, `${address}: ${code}.`)];
  }
}

/** With FF_INFO_ENDPOINT_AUTH_REQUIRED, the version is not public. */
async function judge(response: Response, address: string): Promise<Result> {
  const other = (what: string) => found('address_of_other_server', `${address}: ${what}.`);
  if (response.status >= 300 && response.status < 400) {
    const target = URL.parse(response.headers.get('location') ?? '', address);
    return other(`a redirect to ${target?.origin ?? 'another address'}`);
  }
  if (response.status === 401 && response.headers.get('x-error-code') === 'invalid_credential')
    return ok(`${address} answers.`);
  const body: unknown = response.ok ? await response.json().catch(() => null) : null;
  if (!isJsonObject(body) || typeof body['version'] !== 'string' || !isJsonObject(body['instance_flags']))
    return other(`status ${response.status}, not the answer of this server`);
  if (body['version'] === version) return ok(`${address} answers with version ${version}.`);
  const answered = body['version'].slice(0, 40);
  return found(
    'address_of_other_version',
    `${address} answers with version ${answered}; this is ${version}.`,
  );
}

/** Each document at both of its addresses: docs/contract/oauth.md#addresses-and-documents. */
export async function checkApplications(
  { authorizationServer }: Config,
  signal: AbortSignal,
): Promise<Result[]> {
  const { isEnabled, issuer } = authorizationServer;
  if (!isEnabled) return [ok('AUTHORIZATION_SERVER_ENABLED is not true.')];
  const { origin, pathname } = new URL(issuer);
  const addresses = ['oauth-authorization-server', 'openid-configuration'].flatMap((name) => [
    `${origin}/.well-known/${name}${pathname}`,
    `${issuer}/.well-known/${name}`,
  ]);
  const answers = await Promise.all(
    addresses.map(async (address) => ({ address, answer: await askIssuer(address, signal) })),
  );
  const wrong = answers.filter(({ answer }) => answer !== `issuer ${issuer}`);
  if (wrong.length === 0) return [ok(`The documents of ${issuer} are at all ${addresses.length} addresses.`)];
  return wrong.map(({ address, answer }) =>
    found(
      answer === null ? 'address_unreachable' : 'metadata_of_other_server',
      `${address}: ${answer ?? 'no response'}.`,
    ),
  );
}

/** The issuer that the document at the address names, or who answers with something else; null without a response. */
async function askIssuer(address: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(address, { redirect: 'manual', signal });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok && isJsonObject(body) && typeof body['issuer'] === 'string')
      return `issuer ${body['issuer'].slice(0, 200)}`;
    const type = response.headers.get('content-type') ?? 'no content type';
    return `status ${response.status}, ${type}, from ${response.headers.get('server') ?? 'an unnamed server'}`;
  } catch {
    return null;
  }
}

export async function checkProvider(config: Config, signal: AbortSignal): Promise<Result[]> {
  if (config.sso === null) return [ok('Single sign-on is not set up.')];
  try {
    const { issuer, keys } = await askProvider(config, { now: new Date(), signal });
    return [ok(`${issuer} publishes its keys (${keys}) and accepts the client.`)];
  } catch (error) {
    if (error instanceof ProviderFailed) return [found(PROBLEM_OF[error.purpose], `${error.reason}.`)];
    if (!(error instanceof RejectedByProvider)) throw error;
    const isClient = error.code === 'client_authentication_rejected';
    return [found(isClient ? 'provider_refuses_client' : 'provider_answer_unclear', `${error.reason}.`)];
  }
}

const PROBLEM_OF: Readonly<Record<ProviderFailed['purpose'], Problem>> = {
  discovery: 'provider_unreachable',
  'key set': 'provider_keys_unusable',
  'token endpoint': 'provider_answer_unclear',
  'pushed authorization request': 'provider_answer_unclear',
  UserInfo: 'provider_answer_unclear',
};

export async function checkScim({ dataSource }: OpenDatabase): Promise<Result[]> {
  const { valid, expired, expiring } = await new DoctorReadModel(dataSource).readScimTokens();
  return [
    ok(`Valid SCIM tokens: ${valid}.`),
    ...foundIf(
      expired > 0,
      'scim_token_expired',
      `SCIM tokens that expired while they were in use: ${expired}.`,
    ),
    ...foundIf(
      expiring > 0,
      'scim_token_expires',
      `SCIM tokens in use that expire within 14 days: ${expiring}.`,
    ),
  ];
}

export async function checkReceivers({ dataSource }: OpenDatabase): Promise<Result[]> {
  const { enabled, disabled, failing } = await new DoctorReadModel(dataSource).readReceivers();
  return [
    ok(`Enabled webhooks and log streams: ${enabled}.`),
    ...foundIf(disabled > 0, 'receiver_disabled', `Disabled, since their receivers failed: ${disabled}.`),
    ...foundIf(
      failing > 0,
      'receiver_fails',
      `For an hour or ten requests, nothing has reached ${failing} of them.`,
    ),
  ];
}

/** Sends a mail only if there is an address for it. */
export async function checkMail({ mail }: Config, address: string | undefined): Promise<Result[]> {
  if (mail === null)
    return address === undefined
      ? [ok('No mail server is set up.')]
      : [found('mail_server_fails', 'No mail server is set up: SMTP_URL and MAIL_FROM are not set.')];
  const mailer = new Mailer(mail, new Metrics());
  try {
    await mailer.verify();
  } catch (error) {
    return [found('mail_server_fails', `${(error as Error).message}.`)];
  }
  if (address === undefined)
    return [ok('The mail server accepts the login; --mail-to ADDRESS sends a mail.')];
  const text = 'This mail was sent by the command "doctor" of Tenantry. Mails of this installation arrive.';
  const content = { subject: 'Test mail of Tenantry', text, html: `<p>${text}</p>` };
  const { outcome } = await mailer.send({ id: randomUUID(), to: address, ...content }, () =>
    Promise.resolve(true),
  );
  if (outcome === 'taken') return [ok('The mail server has accepted the mail.')];
  const reason = outcome === 'unanswered' ? 'did not answer to the mail' : 'refused the mail';
  return [found('mail_refused', `The mail server accepted the login and ${reason}.`)];
}
