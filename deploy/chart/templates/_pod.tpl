{{/* The template of the pods. */}}
{{- define "tenantry.pod" -}}
{{- $deployment := .Values.backend.deployment -}}
metadata:
  labels:
    {{- include "tenantry.overlay" (list .Values.commonLabels $deployment.labels (fromYaml (include "tenantry.selectorLabels" .))) | nindent 4 }}
  annotations:
    {{- if include "tenantry.createdSecrets" . }}
    checksum/secrets: {{ include "tenantry.createdSecrets" . | sha256sum }}
    {{- end }}
    {{- with .Values.config.bootstrap.items }}
    checksum/bootstrap: {{ toJson . | sha256sum }}
    {{- end }}
    kubectl.kubernetes.io/default-container: server
    {{- if or $deployment.annotations .Values.commonPodAnnotations }}
    {{- include "tenantry.overlay" (list .Values.commonPodAnnotations $deployment.annotations) | nindent 4 }}
    {{- end }}
spec:
  {{- include "tenantry.podSpec" . | nindent 2 }}
  topologySpreadConstraints:
    {{- if $deployment.topologySpreadConstraints }}
    {{- toYaml $deployment.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "tenantry.selectorLabels" . | nindent 10 }}
    {{- end }}
  {{- $init := concat .Values.commonInitContainers $deployment.initContainers }}
  {{- if or $init .Values.backend.migrations.enabled }}
  initContainers:
    {{- with $init }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- if .Values.backend.migrations.enabled }}
    - name: migrations
      args: [dist/src/admin.js, migrate]
      {{- include "tenantry.container" (dict "root" . "extra" .Values.backend.migrations.extraEnv "mounts" .Values.backend.migrations.volumeMounts) | nindent 6 }}
    {{- end }}
  {{- end }}
  containers:
    - name: server
      {{- include "tenantry.container" (dict "root" . "extra" list "mounts" list) | nindent 6 }}
      ports:
        - name: http
          containerPort: {{ .Values.backend.containerPort }}
        - name: metrics
          containerPort: {{ .Values.config.observability.metrics.port }}
      {{- range $field := list "startupProbe" "livenessProbe" "readinessProbe" "lifecycle" }}
      {{- with get $deployment $field }}
      {{ $field }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
      {{- with $deployment.extraContainerConfig }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with $deployment.sidecars }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with fromYamlArray (include "tenantry.volumes" .) }}
  volumes:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* What the server and its migrations share. Takes a dict: root, extra, mounts. */}}
{{- define "tenantry.container" -}}
{{- $values := .root.Values -}}
image: {{ include "tenantry.image" .root }}
imagePullPolicy: {{ default $values.images.backendImage.pullPolicy $values.images.tenantryImage.pullPolicy }}
securityContext:
  {{- $restricted := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) }}
  {{- include "tenantry.overlay" (list $restricted $values.backend.deployment.securityContext) | nindent 2 }}
resources:
  {{- toYaml $values.backend.deployment.resources | nindent 2 }}
env:
  {{- include "tenantry.env" . | nindent 2 }}
{{- $mounts := concat (fromYamlArray (include "tenantry.mounts" .root)) $values.commonVolumeMounts $values.backend.deployment.volumeMounts .mounts }}
{{- with $mounts }}
volumeMounts:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "tenantry.mounts" -}}
{{- if .Values.config.customCa.secretName }}
- name: custom-ca
  mountPath: /etc/ssl/certs/custom-ca-certificates.crt
  subPath: custom-ca-certificates.crt
  readOnly: true
{{- end }}
{{- if .Values.postgres.external.clientCert.secretName }}
- name: postgres-client-cert
  mountPath: /etc/postgres/certs
  readOnly: true
{{- end }}
{{- if .Values.config.oauth.privateKeySecretName }}
- name: oauth-private-key
  mountPath: /etc/tenantry/oauth
  readOnly: true
{{- end }}
{{- if .Values.config.bootstrap.items }}
- name: bootstrap
  mountPath: /etc/tenantry/bootstrap
  readOnly: true
{{- end }}
{{- end -}}

{{- define "tenantry.volumes" -}}
{{- with .Values.config.customCa }}
{{- if .secretName }}
- name: custom-ca
  secret:
    secretName: {{ .secretName }}
    items:
      - key: {{ .secretKey }}
        path: custom-ca-certificates.crt
{{- end }}
{{- end }}
{{- with .Values.postgres.external.clientCert }}
{{- if .secretName }}
- name: postgres-client-cert
  secret:
    secretName: {{ .secretName }}
    items:
      - key: {{ .certSecretKey }}
        path: client.crt
        mode: 0644
      - key: {{ .keySecretKey }}
        path: client.key
        mode: 0640
{{- end }}
{{- end }}
{{- with .Values.config.oauth }}
{{- if .privateKeySecretName }}
- name: oauth-private-key
  secret:
    secretName: {{ .privateKeySecretName }}
    items:
      - key: {{ .privateKeySecretKey }}
        path: private_key
        mode: 0640
{{- end }}
{{- end }}
{{- if .Values.config.bootstrap.items }}
- name: bootstrap
  configMap:
    name: {{ include "tenantry.fullname" . }}-bootstrap
{{- end }}
{{- with concat .Values.commonVolumes .Values.backend.deployment.volumes .Values.backend.migrations.volumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What the pods of the server and of `helm test` share. */}}
{{- define "tenantry.podSpec" -}}
{{- $deployment := .Values.backend.deployment -}}
serviceAccountName: {{ include "tenantry.serviceAccountName" . }}
automountServiceAccountToken: {{ .Values.backend.serviceAccount.automountServiceAccountToken }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ $deployment.terminationGracePeriodSeconds }}
securityContext:
  {{- $restricted := dict "runAsNonRoot" true "seccompProfile" (dict "type" "RuntimeDefault") }}
  {{- include "tenantry.overlay" (list $restricted .Values.commonPodSecurityContext $deployment.podSecurityContext) | nindent 2 }}
{{- with .Values.images.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.commonDnsConfig }}
dnsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $deployment.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- range $field := list "nodeSelector" "tolerations" "affinity" }}
{{- with get $deployment $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}
