{{/* The secrets that the chart creates, as YAML documents; empty if all of them exist already. */}}
{{- define "tenantry.createdSecrets" -}}
{{- $config := .Values.config -}}
{{- if not $config.disableSecretCreation -}}
{{- if not $config.existingSecretName -}}
{{- $data := dict "api_key_salt" $config.apiKeySalt -}}
{{- if $config.basicAuth.enabled -}}
{{- $_ := set $data "jwt_secret" $config.basicAuth.jwtSecret -}}
{{- $_ := set $data "initial_org_admin_password" $config.basicAuth.initialOrgAdminPassword -}}
{{- end -}}
{{- if $config.oauth.enabled -}}
{{- $_ := set $data "oauth_client_id" $config.oauth.oauthClientId -}}
{{- $_ := set $data "oauth_issuer_url" $config.oauth.oauthIssuerUrl -}}
{{- if $config.oauth.oauthClientSecret -}}
{{- $_ := set $data "oauth_client_secret" $config.oauth.oauthClientSecret -}}
{{- end -}}
{{- end -}}
{{- if and $config.smtp.url (not $config.smtp.existingSecretName) -}}
{{- $_ := set $data $config.smtp.urlSecretKey $config.smtp.url -}}
{{- end -}}
{{- if $config.audit.sealSecret -}}
{{- $_ := set $data (default "audit_seal_secret" $config.audit.sealSecretKey) $config.audit.sealSecret -}}
{{- end -}}
{{ include "tenantry.secret" (dict "root" . "name" (include "tenantry.appSecretName" .) "data" $data) }}
{{- end -}}
{{- with .Values.postgres.external -}}
{{- if and .enabled (not .existingSecretName) -}}
{{- $url := default (printf "%s:%s@%s:%v/%s" .user .password .host .port .database) .connectionUrl -}}
{{ include "tenantry.secret" (dict "root" $ "name" (include "tenantry.postgresSecretName" $) "data" (dict .connectionUrlSecretKey $url)) }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "tenantry.secret" }}
---
apiVersion: v1
kind: Secret
metadata:
  {{- include "tenantry.metadata" (dict "root" .root "name" .name) | nindent 2 }}
type: Opaque
stringData:
  {{- toYaml .data | nindent 2 }}
{{ end -}}
