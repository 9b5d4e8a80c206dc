import { inNfc, PLACE_NAME, PLACE_NAME_SIGNS } from '../common/place-name.js';
import { bootstrapFile } from './bootstrap-file.js';
import { scimTokenSecret, serviceKeySecret } from './bootstrap-items.js';
import {
  boolean,
  contentOf,
  email,
  integer,
  matching,
  newPassword,
  notBlank,
  oneOf,
  type Parser,
  proxyUrl,
  text,
  textsByName,
  visibleName,
} from './parsers.js';
import { secret, setting } from './setting.js';
import {
  authorizationParameters,
  certificates,
  claimNames,
  clientKey,
  emailDomains,
  issuerUrl,
  scopes,
} from './sign-in-parsers.js';

/** The longest lifetime of a cookie in browsers (RFC 6265bis, section 5.5). */
const FOUR_HUNDRED_DAYS_IN_SECONDS = 34_560_000;
const A_WEEK_IN_SECONDS = 604_800;

const readWorkspaceName = matching(PLACE_NAME, `may hold only ${PLACE_NAME_SIGNS}`);
const workspaceName: Parser<string> = (value) => readWorkspaceName(inNfc(value));

const authType = oneOf(
  ['mixed', 'oauth'],
  'must be mixed or oauth: every request needs a user. ' +
    'Set mixed and BASIC_AUTH_ENABLED=true for passwords, or OAUTH_CLIENT_ID and OAUTH_ISSUER_URL for single sign-on',
);

/** How the client authenticates at the token endpoint (OpenID Connect Core 1.0, section 9). */
const authMethod = oneOf(
  ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  'must be one of client_secret_basic, client_secret_post, private_key_jwt',
);

const returnParameter = matching(
  /^(?!client_id$|id_token_hint$)[\w.-]+$/,
  'must be the name of a parameter for the return address',
);

const groupNames = textsByName('ids and group names', '{"0b5f": "Organization Admins"}');
const claimPerIssuer = textsByName('issuers and claim names', '{"https://idp.example.com": "oid"}');

export const SIGN_IN_SETTINGS = {
  // --- First start ---
  bootstrap: {
    /** Name of the first organization, at most 255 characters. */
    orgName: setting(
      'INITIAL_ORG_NAME',
      visibleName('must not be blank, nor hold control or invisible characters'),
      'Default',
    ),
    /** Name of its first workspace: letters, digits, spaces and - _ ' @ ( ) & . , +, at most 255. */
    workspaceName: setting('DEFAULT_WORKSPACE_NAME', workspaceName, 'Workspace 1'),
    /**
     * E-mail address of the first organization admin; unset, admin@localhost.localdomain. With single sign-on it is
     * needed until the database has an organization.
     */
    adminEmail: setting('INITIAL_ORG_ADMIN_EMAIL', email),
    /**
     * Their password; needs INITIAL_ORG_ADMIN_EMAIL. Unset, one is generated and printed once. At least 12 characters,
     * with a lowercase letter, an uppercase letter and one of the symbols ! # $ % ( ) + , - . / : ? @ [ \ ] ^ _ { } ~
     */
    adminPassword: secret('INITIAL_ORG_ADMIN_PASSWORD', newPassword),
    /**
     * Path of a JSON file with what the organization is to have: settings, workspaces, service keys, SCIM tokens, and
     * settings for single sign-on (docs/operations.md#bootstrap). Each item is applied once, also to an organization
     * that exists.
     */
    file: setting('BOOTSTRAP_FILE', contentOf(bootstrapFile)),
    /** A service key that you have generated, for the whole organization with the role of an admin; applied once. */
    serviceKey: secret('BOOTSTRAP_SERVICE_KEY', serviceKeySecret),
    /** A SCIM token that you have generated; applied once. */
    scimToken: secret('BOOTSTRAP_SCIM_TOKEN', scimTokenSecret),
  },

  // --- Login and keys ---
  login: {
    /**
     * How people log in. Unset or mixed: with a password, or, when OAUTH_CLIENT_ID and OAUTH_ISSUER_URL are set, at the
     * identity provider only. oauth: at the identity provider, as a client without a secret (PKCE).
     */
    type: setting(['AUTH_TYPE', 'VITE_BACKEND_AUTH_TYPE'], authType),
    /**
     * Whether people log in with passwords. Unset: true without single sign-on, false with it; other combinations are
     * refused.
     */
    isWithPasswords: setting(['BASIC_AUTH_ENABLED', 'VITE_BASIC_AUTH_ENABLED'], boolean),
  },
  basicAuth: {
    /**
     * Signs sessions and encrypts the tokens kept for single sign-on; should have at least 32 random characters. A new
     * one ends all sessions; all replicas need the same one. Unset, one is derived from API_KEY_SALT, or, where that is
     * unset too, is generated and kept in DATA_DIR.
     */
    jwtSecret: secret('BASIC_AUTH_JWT_SECRET', notBlank),
    /** Seconds until a session ends. */
    sessionSeconds: setting('BASIC_AUTH_SESSION_SECONDS', integer(1, FOUR_HUNDRED_DAYS_IN_SECONDS), '86400'),
  },
  apiKeys: {
    /**
     * The secret of the digests of API keys and SCIM tokens. A new one invalidates all of them; all replicas need the
     * same. Before you change it, see AUDIT_SEAL_SECRET. Unset, one is generated and kept in DATA_DIR.
     */
    salt: secret(['API_KEY_SALT', 'X_SERVICE_AUTH_JWT_SECRET'], notBlank),
  },

  // --- Single sign-on (OpenID Connect) ---
  sso: {
    /**
     * Id of this server as a client of the identity provider; with OAUTH_ISSUER_URL it turns single sign-on on. Needs
     * LANGSMITH_URL. Register LANGSMITH_URL/api/v1/oauth/custom-oidc/callback at the provider as redirect address.
     */
    clientId: secret('OAUTH_CLIENT_ID', text),
    /** Its secret; unset only with a private key, or with AUTH_TYPE=oauth. */
    clientSecret: secret('OAUTH_CLIENT_SECRET', text),
    /**
     * In place of a secret: a private key that signs client assertions (private_key_jwt), as PEM or as JWK. A
     * certificate that stands beside it is named in the assertions, as Entra ID needs it.
     */
    clientKey: secret('OAUTH_CLIENT_PRIVATE_KEY', clientKey),
    /**
     * client_secret_basic, client_secret_post or private_key_jwt. Unset: private_key_jwt if there is a key, else basic,
     * or what the provider announces; if it returns invalid_client, the other announced one is tried once and
     * remembered.
     */
    authMethod: setting('OAUTH_TOKEN_ENDPOINT_AUTH_METHOD', authMethod),
    /** The issuer, or the address of its discovery document; https, unless it is on this machine. */
    issuerUrl: secret('OAUTH_ISSUER_URL', issuerUrl),
    /** What to ask the provider for, separated by commas or spaces; refresh tokens often need offline_access too. */
    scopes: setting('OAUTH_SCOPES', scopes, 'email,profile,openid'),
    /**
     * More parameters of the authorization request, as JSON: {"prompt": "consent"} where refresh tokens need it,
     * {"access_type": "offline", "hd": "example.com"} at Google, {"response_mode": "form_post"}.
     */
    authorizationParameters: setting('OAUTH_AUTHORIZATION_PARAMS', authorizationParameters, '{}'),
    /** Encode the spaces between scopes as %20 instead of +, for providers that require it. */
    urlEncodeScopeSpaces: setting('OAUTH_URL_ENCODE_SCOPE_SPACES', boolean, 'false'),
    /** Maximum length of a session in seconds; at most 604800, a week. */
    sessionMaxSeconds: setting('OAUTH_SESSION_MAX_SEC', integer(1, A_WEEK_IN_SECONDS), '86400'),
    /** Sessions last OAUTH_SESSION_MAX_SEC whatever the ID token says, for providers without refresh tokens. */
    overrideTokenExpiry: setting('OAUTH_OVERRIDE_TOKEN_EXPIRY', boolean, 'false'),
    /** Signing out here signs out at the provider too. */
    idpLogoutEnabled: setting('OAUTH_IDP_LOGOUT_ENABLED', boolean, 'false'),
    logout: {
      /** Its address, where the provider announces none or another one, as a URL with TLS. */
      url: setting('OAUTH_LOGOUT_URL', issuerUrl),
      /** The parameter of that address for the way back; Cognito calls it logout_uri. */
      returnParameter: setting('OAUTH_LOGOUT_RETURN_PARAM', returnParameter, 'post_logout_redirect_uri'),
    },
    /**
     * Names of the claims of the e-mail address, separated by commas or spaces; the first that holds an address counts.
     * ADFS has upn, Azure AD B2C emails. email_verified is about the claim email alone: see OAUTH_TRUST_UNVERIFIED_EMAIL.
     */
    emailClaims: setting('OAUTH_EMAIL_CLAIM', claimNames, 'email'),
    /**
     * An absent email_verified claim counts as true, and so do addresses of other claims than email; an explicit false
     * never does. Only where users cannot choose these claims at the provider.
     */
    trustUnverifiedEmail: setting('OAUTH_TRUST_UNVERIFIED_EMAIL', boolean, 'false'),
    /**
     * Domains of the e-mail addresses that may sign in, separated by commas; the address must be verified. A domain
     * does not include those below it. Unset: all.
     */
    allowedEmailDomains: setting('OAUTH_ALLOWED_EMAIL_DOMAINS', emailDomains),
    /**
     * JSON: the names of groups for which the provider sends ids or other values, {"0b5f2c1e": "Organization Admins"}.
     */
    groupNames: setting('OAUTH_GROUP_NAMES', groupNames, '{}'),
    /**
     * JSON: which claim of an issuer is the subject, {"https://idp.example.com": "employee_id"}. For Entra it is oid
     * anyway.
     */
    subjectClaimOverrides: setting('ISSUER_SUB_CLAIM_OVERRIDES', claimPerIssuer, '{}'),
    network: {
      /** Path of a file of PEM certificates of a private authority that signed the provider's certificate. */
      caCertificates: setting('OAUTH_CA_CERTIFICATES_FILE', contentOf(certificates)),
      /** A proxy for https requests to the identity provider, http://user:password@proxy.example.com:3128. */
      httpsProxy: secret(['HTTPS_PROXY', 'https_proxy'], proxyUrl),
      /** Hosts that are reached without it, separated by commas; .example.com matches all hosts below it. */
      noProxy: setting(['NO_PROXY', 'no_proxy'], text),
    },
  },
  ssoSettings: {
    /**
     * metadata_url of an organization's SSO settings may be an address of a private network (10.0.0.0/8, fc00::/7 and
     * the like); addresses of this machine and its link are always refused. This server does not request it, so
     * OUTBOUND_ALLOWED_NETWORKS does not apply.
     */
    allowPrivateMetadataUrls: setting('SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS', boolean, 'false'),
  },
};
