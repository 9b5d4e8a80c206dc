{{- define "tenantry.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "tenantry.fullname" -}}
{{- $name := include "tenantry.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "tenantry.namespace" -}}
{{- default .Release.Namespace .Values.namespace -}}
{{- end -}}

{{- define "tenantry.backendName" -}}
{{- printf "%s-%s" (include "tenantry.fullname" .) .Values.backend.name -}}
{{- end -}}

{{- define "tenantry.platformName" -}}
{{- printf "%s-%s" (include "tenantry.fullname" .) .Values.platformBackend.name -}}
{{- end -}}

{{- define "tenantry.serviceAccountName" -}}
{{- if .Values.backend.serviceAccount.create -}}
{{- default (include "tenantry.backendName" .) .Values.backend.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.backend.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "tenantry.appSecretName" -}}
{{- default (printf "%s-secrets" (include "tenantry.fullname" .)) .Values.config.existingSecretName -}}
{{- end -}}

{{- define "tenantry.postgresSecretName" -}}
{{- default (printf "%s-postgres" (include "tenantry.fullname" .)) .Values.postgres.external.existingSecretName -}}
{{- end -}}

{{- define "tenantry.selectorLabels" -}}
app.kubernetes.io/name: {{ include "tenantry.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ include "tenantry.backendName" . }}
{{- end -}}

{{/* Name, namespace, labels and annotations. Takes a dict: root, name, labels, annotations. */}}
{{- define "tenantry.metadata" -}}
{{- $root := .root -}}
name: {{ .name }}
namespace: {{ include "tenantry.namespace" $root }}
labels:
  {{- $own := fromYaml (include "tenantry.selectorLabels" $root) }}
  {{- $_ := set $own "app.kubernetes.io/managed-by" $root.Release.Service }}
  {{- $_ := set $own "app.kubernetes.io/version" $root.Chart.AppVersion }}
  {{- $_ := set $own "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") }}
  {{- include "tenantry.overlay" (list $root.Values.commonLabels .labels $own) | nindent 2 }}
{{- if or .annotations $root.Values.commonAnnotations }}
annotations:
  {{- include "tenantry.overlay" (list $root.Values.commonAnnotations .annotations) | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "tenantry.image" -}}
{{- $image := .Values.images.tenantryImage -}}
{{- $name := printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) -}}
{{- if .Values.images.registry }}{{ .Values.images.registry }}/{{ end }}{{ $name }}
{{- end -}}

{{/* The host that routes match, without scheme, port and path. */}}
{{- define "tenantry.host" -}}
{{- default .Values.config.hostname .Values.config.frontendHostname | replace "https://" "" | replace "http://" "" | regexFind "^[^/:]*" -}}
{{- end -}}

{{- define "tenantry.path" -}}
/{{ .Values.config.basePath | trimAll "/" }}
{{- end -}}

{{/* LANGSMITH_URL, with the scheme that was typed. */}}
{{- define "tenantry.url" -}}
{{- $typed := default .Values.config.hostname .Values.config.frontendHostname | trimSuffix "/" -}}
{{- if $typed -}}
{{- $scheme := ternary "" (ternary "http://" "https://" (regexMatch "^(localhost|127\\.0\\.0\\.1|\\[::1\\])([:/]|$)" $typed)) (contains "://" $typed) -}}
{{- printf "%s%s%s" $scheme $typed (include "tenantry.path" .) | trimSuffix "/" -}}
{{- end -}}
{{- end -}}

{{/* Maps as one; a later one wins, also with false. Takes a list of maps. */}}
{{- define "tenantry.overlay" -}}
{{- $all := dict -}}
{{- range $map := . -}}
{{- range $key, $value := $map -}}
{{- $_ := set $all $key $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}
