{{/* The paths of given values that have no effect here, one a line. */}}
{{- define "tenantry.withoutEffect" -}}
{{- $known := dict
  "" "nameOverride fullnameOverride namespace clusterDomain commonLabels commonAnnotations commonPodAnnotations commonPodSecurityContext commonDnsConfig commonEnv commonVolumes commonVolumeMounts commonInitContainers images config postgres backend platformBackend ingress gateway istioGateway networkPolicy preInstallManifests global"
  "images" "registry imagePullSecrets tenantryImage backendImage"
  "images.backendImage" "pullPolicy"
  "config" "hostname frontendHostname basePath authType basicAuth oauth initialOrgAdminEmail initialOrgName defaultWorkspaceName apiKeySalt existingSecretName disableSecretCreation skipValidation userOrgCreationDisabled personalOrgsDisabled workspaceScopeOrgInvitesEnabled infoEndpointAuthRequired security customCa logLevel observability trustedProxies outbound bootstrap authorizationServer console scim jit smtp audit limits database"
  "config.security.cors" "allowedOrigins allowedOriginsRegex"
  "postgres" "external"
  "backend" "name containerPort deployment migrations autoscaling pdb service serviceAccount rollout"
  "backend.deployment" "replicas labels annotations podSecurityContext securityContext lifecycle priorityClassName terminationGracePeriodSeconds resources startupProbe livenessProbe readinessProbe extraContainerConfig extraEnv sidecars initContainers nodeSelector tolerations topologySpreadConstraints affinity volumes volumeMounts"
  "backend.migrations" "enabled extraEnv volumes volumeMounts"
  "platformBackend" "name deployment service"
  "platformBackend.deployment" "extraEnv"
-}}
{{- range $path, $names := $known -}}
{{- $at := $.Values.AsMap -}}
{{- range compact (splitList "." $path) -}}
{{- $at = default dict (get $at .) -}}
{{- end -}}
{{- range $key := keys $at | sortAlpha -}}
{{- if not (has $key (splitList " " $names)) }}
{{ join "." (compact (list $path $key)) }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
