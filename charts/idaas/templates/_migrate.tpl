{{/* A hook runs before the release's own objects are there, by weight, and is gone when it has succeeded. Takes the weight. */}}
{{- define "idaas.hookAnnotations" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{/* As a list of one. Any number of them may run at once: one works under an advisory lock of PostgreSQL, the others wait for it and find nothing to do. */}}
{{- define "idaas.migrateContainer" -}}
- name: migrate
  {{- include "idaas.containerBasics" . | nindent 2 }}
  args: [migrate]
  env:
    {{- include "idaas.env" . | nindent 4 }}
  {{- if .Values.config.existingSecrets }}
  envFrom:
    {{- include "idaas.envFrom" . | trim | nindent 4 }}
  {{- end }}
  resources:
    {{- toYaml .Values.migrations.resources | nindent 4 }}
  volumeMounts:
    {{- include "idaas.volumeMounts" . | nindent 4 }}
{{- end -}}
