{{/* All that keeps the server from starting, in one message. */}}
{{- define "tenantry.validate" -}}
{{- if not .Values.config.skipValidation -}}
{{- $problems := list -}}
{{- range $part := list "tenantry.loginProblems" "tenantry.secretProblems" "tenantry.databaseProblems" "tenantry.otherProblems" -}}
{{- $problems = concat $problems (compact (splitList "\n" (include $part $ | trim))) -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n\n%d value(s) to set or to change:\n  - %s\n" (len $problems) (join "\n  - " $problems)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "tenantry.loginProblems" -}}
{{- $config := .Values.config -}}
{{- if and $config.basicAuth.enabled $config.oauth.enabled }}
config.basicAuth.enabled and config.oauth.enabled: only one of them may be true.
{{- else if not (or $config.basicAuth.enabled $config.oauth.enabled) }}
config.basicAuth.enabled or config.oauth.enabled: one of them has to be true.
{{- end }}
{{- if not (has $config.authType (list "mixed" "oauth")) }}
config.authType: has to be mixed or oauth.
{{- else if and $config.basicAuth.enabled (ne $config.authType "mixed") }}
config.authType: has to be mixed for basicAuth.
{{- end }}
{{- if and $config.oauth.enabled (not (include "tenantry.url" .)) }}
config.hostname: is needed for single sign-on.
{{- end }}
{{- if and $config.basicAuth.enabled (not (or $config.initialOrgAdminEmail $config.basicAuth.initialOrgAdminEmail)) }}
config.initialOrgAdminEmail: the address of the first organization admin is needed.
{{- end }}
{{- end -}}

{{- define "tenantry.secretProblems" -}}
{{- $config := .Values.config -}}
{{- if not (or $config.existingSecretName $config.disableSecretCreation) }}
{{- $given := " is needed, or config.existingSecretName with the key " }}
{{- if not $config.apiKeySalt }}
config.apiKeySalt:{{ $given }}api_key_salt. All replicas and all later releases need the same one.
{{- end }}
{{- if $config.basicAuth.enabled }}
{{- if not $config.basicAuth.jwtSecret }}
config.basicAuth.jwtSecret:{{ $given }}jwt_secret.
{{- end }}
{{- with $config.basicAuth.initialOrgAdminPassword }}
{{- if or (lt (len .) 12) (not (regexMatch "[a-z]" .)) (not (regexMatch "[A-Z]" .)) (not (regexMatch "[!#$%()+,./:?@\\[\\\\\\]^_{~}-]" .)) }}
config.basicAuth.initialOrgAdminPassword: needs 12 characters, a lowercase and an uppercase letter and one of ! # $ % ( ) + , - . / : ? @ [ \ ] ^ _ { } ~
{{- end }}
{{- else }}
config.basicAuth.initialOrgAdminPassword:{{ $given }}initial_org_admin_password.
{{- end }}
{{- end }}
{{- if $config.oauth.enabled }}
{{- if not $config.oauth.oauthClientId }}
config.oauth.oauthClientId:{{ $given }}oauth_client_id.
{{- end }}
{{- if not $config.oauth.oauthIssuerUrl }}
config.oauth.oauthIssuerUrl:{{ $given }}oauth_issuer_url.
{{- end }}
{{- if and (eq $config.authType "mixed") (not $config.oauth.oauthClientSecret) (not $config.oauth.privateKeySecretName) }}
config.oauth.oauthClientSecret:{{ $given }}oauth_client_secret; or config.oauth.privateKeySecretName.
{{- end }}
{{- end }}
{{- if or $config.bootstrap.serviceKeySecretKey $config.bootstrap.scimTokenSecretKey }}
config.existingSecretName: is needed for the keys of config.bootstrap.
{{- end }}
{{- if $config.outbound.proxySecretKey }}
config.existingSecretName: is needed for config.outbound.proxySecretKey.
{{- end }}
{{- if and $config.smtp.from (not $config.smtp.url) (not $config.smtp.existingSecretName) }}
config.smtp.url: is needed, or config.smtp.existingSecretName with the key {{ $config.smtp.urlSecretKey }}.
{{- end }}
{{- end }}
{{- end -}}

{{- define "tenantry.databaseProblems" -}}
{{- $external := .Values.postgres.external -}}
{{- if not $external.enabled }}
postgres.external.enabled: has to be true; this chart brings no PostgreSQL.
{{- else if not (or $external.existingSecretName $external.connectionUrl $external.host .Values.config.disableSecretCreation) }}
postgres.external.existingSecretName, connectionUrl or host: one of them is needed.
{{- else if and $external.host (not (or $external.existingSecretName $external.connectionUrl $external.password)) }}
postgres.external.password: is needed with postgres.external.host.
{{- end }}
{{- if $external.iamAuthProvider }}
postgres.external.iamAuthProvider: is not supported; use a password or a client certificate.
{{- end }}
{{- if and $external.clientCert.secretName (not $external.customTls) }}
postgres.external.customTls: has to be true with postgres.external.clientCert.
{{- end }}
{{- end -}}

{{- define "tenantry.otherProblems" -}}
{{- if and .Values.config.customCa.secretName (not .Values.config.customCa.secretKey) }}
config.customCa.secretKey: is needed with config.customCa.secretName.
{{- end }}
{{- if and .Values.config.authorizationServer.enabled (not .Values.config.console.enabled) }}
config.console.enabled: has to be true for authorizationServer: people approve applications in the console.
{{- end }}
{{- if and .Values.config.authorizationServer.enabled (not (include "tenantry.url" .)) }}
config.hostname: is needed for authorizationServer.
{{- end }}
{{- with .Values.config.observability.tracing }}
{{- if and .enabled (not .endpoint) }}
config.observability.tracing.endpoint: is needed when tracing is enabled.
{{- end }}
{{- if and .enabled (not (has .exporter (list "" "http"))) }}
config.observability.tracing.exporter: has to be http, with the HTTP port of the collector (usually 4318).
{{- end }}
{{- end }}
{{- $routes := list }}
{{- range $name := list "ingress" "gateway" "istioGateway" }}
{{- if (get $.Values $name).enabled }}
{{- $routes = append $routes $name }}
{{- end }}
{{- end }}
{{- if gt (len $routes) 1 }}
{{ join ".enabled, " $routes }}.enabled: only one of them may be true.
{{- end }}
{{- if and .Values.gateway.enabled (not .Values.gateway.name) }}
gateway.name: is needed when gateway is enabled.
{{- end }}
{{- with .Values.backend.autoscaling }}
{{- if and .hpa.enabled .keda.enabled }}
backend.autoscaling.hpa.enabled and backend.autoscaling.keda.enabled: only one of them may be true.
{{- end }}
{{- end }}
{{- end -}}
