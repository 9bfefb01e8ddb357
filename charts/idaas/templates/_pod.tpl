{{/* What the pods of all components have in common. Each takes (dict "root" $ "component" "server"), or the root alone. */}}

{{/* The first lines of a pod's spec. */}}
{{- define "idaas.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- include "idaas.podSecurityContext" . | nindent 2 }}
{{- end -}}

{{/* The first lines of a container that runs the image. */}}
{{- define "idaas.containerBasics" -}}
image: {{ include "idaas.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- toYaml .Values.containerSecurityContext | nindent 2 }}
{{- end -}}

{{/* The environment. Node reads its own limit of memory, so that a patched limit needs no second change. */}}
{{- define "idaas.env" -}}
- name: IDAAS_CONFIG
  value: /etc/idaas
- name: NODE_OPTIONS
  value: --max-old-space-size-percentage=75
{{- if include "idaas.trustedCaName" . }}
- name: NODE_EXTRA_CA_CERTS
  value: /run/idaas/ca/ca-bundle.crt
{{- end }}
{{- if or .Values.proxy.httpProxy .Values.proxy.httpsProxy }}
- name: NODE_USE_ENV_PROXY
  value: "1"
{{- with .Values.proxy.httpProxy }}
- name: HTTP_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.proxy.httpsProxy }}
- name: HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
- name: NO_PROXY
  value: {{ .Values.proxy.noProxy | quote }}
{{- end }}
{{- end -}}

{{- define "idaas.envFrom" -}}
{{- range .Values.config.existingSecrets }}
- secretRef:
    name: {{ . }}
{{- end }}
{{- end -}}

{{- define "idaas.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
- name: config
  mountPath: /etc/idaas
  readOnly: true
{{- if .Values.branding.existingConfigMap }}
- name: branding
  mountPath: /etc/idaas/branding
  readOnly: true
{{- end }}
{{- if include "idaas.trustedCaName" . }}
- name: trusted-ca
  mountPath: /run/idaas/ca
  readOnly: true
{{- end }}
{{- range .Values.config.secretFiles }}
- name: secret-{{ . }}
  mountPath: /run/idaas/secrets/{{ . }}
  readOnly: true
{{- end }}
{{- end -}}

{{/* Takes (dict "root" $ "suffix" "-migrate"): hooks run before the release's own ConfigMaps are there, and bring copies. */}}
{{- define "idaas.volumes" -}}
{{- $values := .root.Values -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
- name: config
  projected:
    sources:
      {{- if $values.config.create }}
      - configMap:
          name: {{ include "idaas.fullname" .root }}-config{{ .suffix }}
      {{- end }}
      {{- range $values.config.existingConfigMaps }}
      - configMap:
          name: {{ . }}
      {{- end }}
{{- with $values.branding.existingConfigMap }}
- name: branding
  configMap:
    name: {{ . }}
    optional: true
{{- end }}
{{- with include "idaas.trustedCaName" .root }}
- name: trusted-ca
  configMap:
    name: {{ . }}{{ if $values.trustedCa.inject }}{{ $.suffix }}{{ end }}
    items:
      - key: {{ $values.trustedCa.key }}
        path: ca-bundle.crt
{{- end }}
{{- range $values.config.secretFiles }}
- name: secret-{{ . }}
  secret:
    secretName: {{ . }}
{{- end }}
{{- end -}}

{{/* Name of the ConfigMap with the trusted authorities, or nothing. */}}
{{- define "idaas.trustedCaName" -}}
{{- if .Values.trustedCa.inject -}}
{{- include "idaas.fullname" . -}}-trusted-ca
{{- else -}}
{{- .Values.trustedCa.existingConfigMap -}}
{{- end -}}
{{- end -}}

{{/* Over zones first, then over nodes; where that cannot be, better together than not at all. */}}
{{- define "idaas.topologySpread" -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "idaas.selectorLabels" $ | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Alive is the process; ready is what it needs: the stores, the queue, and that everyone has been read once. Takes the name of the port. */}}
{{- define "idaas.probes" -}}
startupProbe:
  httpGet:
    path: /livez
    port: {{ . }}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /livez
    port: {{ . }}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: /readyz
    port: {{ . }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}
