{{/* A variable from a secret. Takes a dict: root, name, secret, key. */}}
{{- define "tenantry.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
      optional: {{ .root.Values.config.disableSecretCreation }}
{{- end -}}

{{/* A variable with a value. Takes a list: name, value. */}}
{{- define "tenantry.variable" -}}
- name: {{ first . }}
  value: {{ last . | toString | quote }}
{{- end -}}

{{- define "tenantry.serverEnv" -}}
{{- $config := .Values.config }}
{{ include "tenantry.variable" (list "HOST" "0.0.0.0") }}
{{ include "tenantry.variable" (list "PORT" .Values.backend.containerPort) }}
{{ include "tenantry.variable" (list "METRICS_PORT" $config.observability.metrics.port) }}
{{- with include "tenantry.url" . }}
{{ include "tenantry.variable" (list "LANGSMITH_URL" .) }}
{{- end }}
{{- with $config.security.cors }}
{{- if .allowedOriginsRegex }}
{{ include "tenantry.variable" (list "CORS_ALLOWED_ORIGINS_REGEX" .allowedOriginsRegex) }}
{{- else }}
{{ include "tenantry.variable" (list "CORS_ALLOWED_ORIGINS" .allowedOrigins) }}
{{- end }}
{{- end }}
{{- with $config.trustedProxies }}
{{ include "tenantry.variable" (list "TRUSTED_PROXIES" (join "," .)) }}
{{- end }}
{{ include "tenantry.variable" (list "LOG_LEVEL" $config.logLevel) }}
{{ include "tenantry.variable" (list "FF_ORG_CREATION_DISABLED" $config.userOrgCreationDisabled) }}
{{ include "tenantry.variable" (list "FF_PERSONAL_ORGS_DISABLED" $config.personalOrgsDisabled) }}
{{- if $config.workspaceScopeOrgInvitesEnabled }}
{{ include "tenantry.variable" (list "FF_WORKSPACE_SCOPE_ORG_INVITES_ENABLED" true) }}
{{- end }}
{{- if $config.infoEndpointAuthRequired }}
{{ include "tenantry.variable" (list "FF_INFO_ENDPOINT_AUTH_REQUIRED" true) }}
{{- end }}
{{ include "tenantry.variable" (list "INITIAL_ORG_NAME" $config.initialOrgName) }}
{{ include "tenantry.variable" (list "DEFAULT_WORKSPACE_NAME" $config.defaultWorkspaceName) }}
{{- with default $config.basicAuth.initialOrgAdminEmail $config.initialOrgAdminEmail }}
{{ include "tenantry.variable" (list "INITIAL_ORG_ADMIN_EMAIL" .) }}
{{- end }}
{{- with $config.bootstrap }}
{{- if .items }}
{{ include "tenantry.variable" (list "BOOTSTRAP_FILE" "/etc/tenantry/bootstrap/bootstrap.json") }}
{{- end }}
{{- range $variable, $key := dict "BOOTSTRAP_SERVICE_KEY" .serviceKeySecretKey "BOOTSTRAP_SCIM_TOKEN" .scimTokenSecretKey }}
{{- if $key }}
{{ include "tenantry.secretVariable" (dict "root" $ "name" $variable "secret" (include "tenantry.appSecretName" $) "key" $key) }}
{{- end }}
{{- end }}
{{- end }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "API_KEY_SALT" "secret" (include "tenantry.appSecretName" .) "key" "api_key_salt") }}
{{- end -}}

{{- define "tenantry.loginEnv" -}}
{{- $config := .Values.config }}
{{- $secret := include "tenantry.appSecretName" . }}
{{- with $config.authType }}
{{ include "tenantry.variable" (list "AUTH_TYPE" .) }}
{{- end }}
{{ include "tenantry.variable" (list "BASIC_AUTH_ENABLED" $config.basicAuth.enabled) }}
{{- if $config.basicAuth.enabled }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "BASIC_AUTH_JWT_SECRET" "secret" $secret "key" "jwt_secret") }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "INITIAL_ORG_ADMIN_PASSWORD" "secret" $secret "key" "initial_org_admin_password") }}
{{- end }}
{{- if $config.oauth.enabled }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "OAUTH_CLIENT_ID" "secret" $secret "key" "oauth_client_id") }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "OAUTH_ISSUER_URL" "secret" $secret "key" "oauth_issuer_url") }}
{{- if $config.oauth.privateKeySecretName }}
{{ include "tenantry.variable" (list "OAUTH_CLIENT_PRIVATE_KEY_FILE" "/etc/tenantry/oauth/private_key") }}
{{- else if eq $config.authType "mixed" }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "OAUTH_CLIENT_SECRET" "secret" $secret "key" "oauth_client_secret") }}
{{- end }}
{{ include "tenantry.variable" (list "OAUTH_SCOPES" $config.oauth.oauthScopes) }}
{{ include "tenantry.variable" (list "OAUTH_SESSION_MAX_SEC" $config.oauth.oauthSessionMaxSec) }}
{{ include "tenantry.variable" (list "OAUTH_URL_ENCODE_SCOPE_SPACES" $config.oauth.urlEncodeScopeSpaces) }}
{{ include "tenantry.variable" (list "SELF_HOSTED_JIT_PROVISIONING_ENABLED" $config.jit.enabled) }}
{{- end }}
{{ include "tenantry.variable" (list "CONSOLE_ENABLED" $config.console.enabled) }}
{{ include "tenantry.variable" (list "AUTHORIZATION_SERVER_ENABLED" $config.authorizationServer.enabled) }}
{{- if $config.authorizationServer.enabled }}
{{ include "tenantry.variable" (list "AUTHORIZATION_SERVER_CLIENT_DOCUMENTS" $config.authorizationServer.clientDocuments) }}
{{- end }}
{{- with $config.scim.allowedSeparators }}
{{ include "tenantry.variable" (list "FF_ALLOWED_SCIM_SEPARATORS" .) }}
{{- end }}
{{- end -}}

{{- define "tenantry.databaseEnv" -}}
{{- $external := .Values.postgres.external }}
{{- $secret := include "tenantry.postgresSecretName" . }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "POSTGRES_DATABASE_URI" "secret" $secret "key" $external.connectionUrlSecretKey) }}
{{- with $external.directConnectionUrlSecretKey }}
{{ include "tenantry.secretVariable" (dict "root" $ "name" "DATABASE_DIRECT_URL" "secret" $secret "key" .) }}
{{- end }}
{{ include "tenantry.variable" (list "POSTGRES_SCHEMA" $external.schema) }}
{{ include "tenantry.variable" (list "POSTGRES_TLS" $external.customTls) }}
{{- if $external.clientCert.secretName }}
{{ include "tenantry.variable" (list "POSTGRES_TLS_CLIENT_CERT_PATH" "/etc/postgres/certs/client.crt") }}
{{ include "tenantry.variable" (list "POSTGRES_TLS_CLIENT_KEY_PATH" "/etc/postgres/certs/client.key") }}
{{- end }}
{{ include "tenantry.variable" (list "DATABASE_POOL_SIZE" .Values.config.database.poolSize) }}
{{- if .Values.config.customCa.secretName }}
{{ include "tenantry.variable" (list "SSL_CERT_FILE" "/etc/ssl/certs/custom-ca-certificates.crt") }}
{{- end }}
{{- end -}}

{{- define "tenantry.serviceEnv" -}}
{{- $config := .Values.config }}
{{- with $config.observability.tracing }}
{{ include "tenantry.variable" (list "OTEL_TRACING_ENABLED" .enabled) }}
{{- if .enabled }}
{{ include "tenantry.variable" (list "OTLP_ENDPOINT" .endpoint) }}
{{ include "tenantry.variable" (list "OTEL_EXPORTER" .exporter) }}
{{ include "tenantry.variable" (list "OTEL_USE_TLS" .useTls) }}
{{- with .env }}
{{ include "tenantry.variable" (list "OTEL_ENVIRONMENT" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- with $config.outbound.allowedNetworks }}
{{ include "tenantry.variable" (list "OUTBOUND_ALLOWED_NETWORKS" (join "," .)) }}
{{- end }}
{{- with $config.outbound.proxySecretKey }}
{{ include "tenantry.secretVariable" (dict "root" $ "name" "OUTBOUND_PROXY" "secret" (include "tenantry.appSecretName" $) "key" .) }}
{{- end }}
{{- with $config.smtp }}
{{- if .from }}
{{ include "tenantry.variable" (list "MAIL_FROM" .from) }}
{{ include "tenantry.secretVariable" (dict "root" $ "name" "SMTP_URL" "secret" (default (include "tenantry.appSecretName" $) .existingSecretName) "key" .urlSecretKey) }}
{{- end }}
{{- end }}
{{ include "tenantry.variable" (list "AUDIT_RETENTION_DAYS" $config.audit.retentionDays) }}
{{- if or $config.audit.sealSecret $config.audit.sealSecretKey }}
{{ include "tenantry.secretVariable" (dict "root" . "name" "AUDIT_SEAL_SECRET" "secret" (include "tenantry.appSecretName" .) "key" (default "audit_seal_secret" $config.audit.sealSecretKey)) }}
{{- end }}
{{- $limits := $config.limits }}
{{- range $key, $variable := dict "requestsPerMinute" "RATE_LIMIT_REQUESTS_PER_MINUTE" "scimRequestsPerMinute" "RATE_LIMIT_SCIM_REQUESTS_PER_MINUTE" "inviteBatchesPerMinute" "RATE_LIMIT_INVITE_BATCHES_PER_MINUTE" "loginsPerMinute" "RATE_LIMIT_LOGINS_PER_MINUTE" "loginsPerEmailPerMinute" "RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE" "maxIdentities" "DEFAULT_ORG_MAX_IDENTITIES" "maxWorkspaces" "DEFAULT_ORG_MAX_WORKSPACES" "invitationTtlDays" "INVITATION_TTL_DAYS" }}
{{- $value := get $limits $key }}
{{- if not (kindIs "invalid" $value) }}
{{ include "tenantry.variable" (list $variable $value) }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
The environment of the server. Variables of the operator replace those of the chart; a name that the operator gives twice
with different values fails. Takes a dict: root, extra (a list of variables).
*/}}
{{- define "tenantry.env" -}}
{{- $root := .root -}}
{{- $own := list -}}
{{- range $part := list "tenantry.serverEnv" "tenantry.loginEnv" "tenantry.databaseEnv" "tenantry.serviceEnv" -}}
{{- $own = concat $own (fromYamlArray (include $part $root)) -}}
{{- end -}}
{{- $given := dict -}}
{{- $extra := list -}}
{{- range concat $root.Values.commonEnv $root.Values.backend.deployment.extraEnv $root.Values.platformBackend.deployment.extraEnv .extra -}}
{{- if not (hasKey $given .name) -}}
{{- $extra = append $extra . -}}
{{- $_ := set $given .name (toJson .) -}}
{{- else if ne (get $given .name) (toJson .) -}}
{{- fail (printf "The variable %s is given twice with different values (commonEnv, backend.deployment.extraEnv, platformBackend.deployment.extraEnv): one server has both roles here." .name) -}}
{{- end -}}
{{- end -}}
{{- $all := list -}}
{{- range $own -}}
{{- if not (hasKey $given .name) -}}
{{- $all = append $all . -}}
{{- end -}}
{{- end -}}
{{- toYaml (concat $all $extra) -}}
{{- end -}}
