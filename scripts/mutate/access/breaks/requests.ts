import type { Break } from '../break.ts';

const TARGET = 'src/common/http/request-target.ts';
const METADATA_URL = 'src/modules/settings/sso/metadata-url.ts';
const SCOPE = 'src/common/http/network-scope.ts';
const AUDIT_LOGS = 'src/modules/audit/audit-logs.service.ts';

const REQUEST_TARGET = 'test/e2e/request-target.e2e.ts';
const DUPLICATE_KEYS = 'test/e2e/duplicate-keys.e2e.ts';
const METADATA = 'test/e2e/sso-metadata-url.e2e.ts';
const BACKCHANNEL = 'test/e2e/backchannel-logout.e2e.ts';
const READING = 'test/e2e/audit-log-access.e2e.ts';

/** What a request may look like, addresses in settings, anonymous logout tokens, and reading the audit log. */
export const REQUESTS: readonly Break[] = [
  {
    id: 'requests.one-host',
    file: TARGET,
    find: 'if (hosts.length > 1 || !hosts.every(',
    replace: 'if (!hosts.every(',
    why: 'A proxy and this server could take one request for different hosts.',
    tests: [REQUEST_TARGET],
  },
  {
    id: 'requests.valid-host',
    file: TARGET,
    find: 'if (hosts.length > 1 || !hosts.every((host) => AUTHORITY.test(host))) return false;',
    replace: 'if (hosts.length > 1) return false;',
    why: 'A proxy and this server could read an invalid host differently.',
    tests: [REQUEST_TARGET],
  },
  {
    id: 'requests.host-of-the-target',
    file: TARGET,
    find: 'return hosts.length === 0 || URL.parse(`${scheme}${hosts[0]}`)?.host === target.host;',
    replace: 'return hosts.length < 2;',
    why: 'A request could name one host in its target and another one in its header.',
    tests: [REQUEST_TARGET],
  },
  {
    id: 'requests.credentials-in-the-target',
    file: TARGET,
    find: 'if (!target || target.username || target.password) return false;',
    replace: 'if (!target) return false;',
    why: 'A target could look like one of another host.',
    tests: [REQUEST_TARGET],
  },
  {
    id: 'requests.duplicate-keys',
    file: 'src/common/http/json-body.ts',
    find: 'return duplicates.length === 0 ? value : new MalformedJson(duplicates.map(duplicateKey));',
    replace: 'return duplicates.length >= 0 ? value : new MalformedJson(duplicates.map(duplicateKey));',
    why: 'A filter in front would check the first of two equal keys, and this server take the last.',
    tests: [DUPLICATE_KEYS],
  },
  {
    id: 'requests.duplicate-keys-escaped',
    file: 'src/common/http/duplicate-keys.ts',
    find: String.raw`const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);`,
    replace: 'const key = quoted.slice(1, -1);',
    why: 'An escape in one of two equal keys would hide them.',
    tests: ['src/common/http/duplicate-keys.spec.ts'],
  },
  {
    id: 'requests.duplicate-keys-beside-colons',
    file: 'src/common/http/duplicate-keys.ts',
    find: 'if (hidesKeyOrColon(text, most)) return true;',
    replace: 'void most;',
    why: 'An escaped colon elsewhere in the body would hide a duplicate key.',
    tests: ['src/common/http/duplicate-keys.spec.ts'],
  },
  {
    id: 'requests.metadata-url-by-https',
    file: METADATA_URL,
    find: String.raw`if (!/^https:\/\//i.test(text)) return NOT_HTTPS;`,
    replace: 'void NOT_HTTPS;',
    why: 'Metadata of a provider could be read and changed on its way.',
    tests: [METADATA],
  },
  {
    id: 'requests.metadata-url-without-credentials',
    file: METADATA_URL,
    find: 'if (url.username || url.password) return CREDENTIALS;',
    replace: 'void CREDENTIALS;',
    why: 'Every reader of the settings would see a password.',
    tests: [METADATA],
  },
  {
    id: 'requests.metadata-url-of-this-machine',
    file: METADATA_URL,
    find: `if (scope === 'local') return LOCAL;`,
    replace: 'void LOCAL;',
    why: 'Settings would lead whoever fetches the metadata to its own machine.',
    tests: [METADATA],
  },
  {
    id: 'requests.metadata-url-of-a-private-network',
    file: METADATA_URL,
    find: `return scope === 'private' && !rules.allowPrivateMetadataUrls ? PRIVATE : null;`,
    replace: 'return rules.allowPrivateMetadataUrls === null ? PRIVATE : null;',
    why: 'Settings would lead whoever fetches the metadata into a private network.',
    tests: [METADATA],
  },
  {
    id: 'requests.metadata-url-in-one-spelling',
    file: METADATA_URL,
    find: 'const url = UNAMBIGUOUS.test(text) ? URL.parse(text) : null;',
    replace: 'const url = UNAMBIGUOUS.test(text) || text ? URL.parse(text) : null;',
    why: 'Two parsers could read two hosts in one address.',
    tests: [METADATA],
  },
  {
    id: 'requests.metadata-url-embedded-ipv4',
    file: SCOPE,
    find: 'for (const network of [...ofIpv4, ...ofIpv6, ...ofIpv4.flatMap(embedded)]) {',
    replace: 'for (const network of [...ofIpv4, ...ofIpv6]) {',
    why: 'An IPv6 address could hide an IPv4 address of this machine.',
    tests: [METADATA],
  },
  {
    id: 'requests.metadata-url-localhost',
    file: SCOPE,
    find: String.raw`/(?:^|\.)localhost$/.test(host) ? 'local' : 'public';`,
    replace: `host === '' ? 'local' : 'public';`,
    why: 'The name of this machine would pass where its address does not.',
    tests: [METADATA],
  },
  {
    id: 'requests.logout-tokens-in-basic-auth',
    file: 'src/modules/auth/oidc/identity-provider.ts',
    find: `if (!this.config.sso) throw new SsoDisabled();
    if (token === null)`,
    replace: 'if (token === null)',
    why: 'Anonymous callers would keep the server busy with tokens that have no purpose without single sign-on.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.logout-token-claims-first',
    file: 'src/modules/auth/oidc/identity-provider.ts',
    find: 'checkLogoutToken(unverified, expected);',
    replace: 'void unverified;',
    why: 'Anonymous callers would make the server ask the provider for its keys.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.logout-tokens-per-network',
    file: 'src/modules/auth/sign-in/logout/refused-logout-tokens.ts',
    find: 'this.limit.hit(networkOf(clientHost));',
    replace: 'void clientHost;',
    why: 'Anonymous callers could send logout tokens without a limit.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.logout-tokens-that-are-valid',
    file: 'src/modules/auth/sign-in/logout/backchannel-logout.ts',
    find: 'try {\n      return await',
    replace: `this.refused.record(new InvalidLogoutToken('jti'), request);
    try {
      return await`,
    why: 'A provider that signs out many people at once would be throttled.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.keys-of-the-provider',
    file: 'src/modules/auth/oidc/provider/key-set.ts',
    find: "if (chosen === 'unknown' && refetches.tryStart())",
    replace: "if (chosen === 'unknown')",
    why: 'Anonymous callers would make the server fetch the keys of the provider again and again.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.refetches-for-sign-ins',
    file: 'src/modules/auth/oidc/provider/key-set.ts',
    find: 'origin.isUnsolicited ? this.unsolicitedRefetches : this.refetches;',
    replace: 'origin.isUnsolicited ? this.refetches : this.refetches;',
    why: 'Anonymous callers could keep users from signing in when the provider has rotated its keys.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.first-keys-of-the-provider',
    file: 'src/modules/auth/oidc/provider/key-set.ts',
    find: 'if (isUnsolicited && !this.inFlight && !this.unsolicitedFirstFetches.tryStart())',
    replace: 'if (isUnsolicited && this.cached?.uri === uri)',
    why: 'Anonymous callers would flood a provider that is down.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.refusals-in-the-log',
    file: 'src/common/logging/limited-log.ts',
    find: 'if (repeats !== undefined) return void this.repeats.set(message, repeats + 1);',
    replace: 'void repeats;',
    why: 'Anonymous callers could fill the log.',
    tests: [BACKCHANNEL],
  },
  {
    id: 'requests.reading-the-audit-log',
    file: AUDIT_LOGS,
    find: `return this.trail.record(reader, 'get_audit_logs', [], { details: { event, ...detailsOf(filter) } });`,
    replace: 'return Promise.resolve(void [reader, event, detailsOf(filter)]);',
    why: 'The audit log could be read and exported unseen.',
    tests: [READING],
  },
  {
    id: 'requests.reading-the-next-page',
    file: AUDIT_LOGS,
    find: 'return this.proofs.isProof(after.proof, reader, query, after.position);',
    replace: 'return this.proofs.isProof(after.proof, reader, query, after.position) || true;',
    why: 'A forged cursor would read the audit log unseen.',
    tests: [READING],
  },
  {
    id: 'requests.reading-by-the-same-caller',
    file: 'src/modules/audit/reading-proofs.ts',
    find: 'const facts = [credential.id, orgId,',
    replace: 'const facts = [credential.kind, orgId,',
    why: 'The cursor of one reader would let another one read unseen.',
    tests: [READING],
  },
  {
    id: 'requests.reading-the-same-filter',
    file: 'src/modules/audit/reading-proofs.ts',
    find: '[from, to, workspaceId, operations, userIds, apiKeyIds, resourceIds]',
    replace: '[from, to, workspaceId, userIds, apiKeyIds, resourceIds]',
    why: 'The cursor of a narrow reading would let its reader read everything unseen.',
    tests: [READING],
  },
];
