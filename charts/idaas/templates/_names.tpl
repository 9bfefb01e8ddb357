{{/* Names, labels and the image. A part of the release ("component") is server, worker, migrate or test. */}}

{{- define "idaas.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* 40 characters leave room for what objects append: 63 is the most that a label or a host name holds. */}}
{{- define "idaas.fullname" -}}
{{- $name := include "idaas.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "idaas.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "idaas.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "idaas.version" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end -}}

{{- define "idaas.image" -}}
{{- $registry := .Values.global.imageRegistry | default .Values.image.registry -}}
{{- $repository := printf "%s/%s" (trimSuffix "/" $registry) .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (include "idaas.version" .) -}}
{{- end -}}
{{- end -}}

{{/* What a Deployment and a Service select by: never changes between versions. Takes (dict "root" $ "component" "server"); without a component, all of the release. */}}
{{- define "idaas.selectorLabels" -}}
app.kubernetes.io/name: {{ include "idaas.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "idaas.labels" -}}
{{ include "idaas.selectorLabels" . }}
app.kubernetes.io/part-of: idaas
app.kubernetes.io/version: {{ include "idaas.version" .root | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The lines of metadata that all objects have. Takes what labels take, and "suffix", which is appended to the name. */}}
{{- define "idaas.metadata" -}}
name: {{ include "idaas.fullname" .root }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "idaas.labels" . | nindent 2 }}
{{- end -}}
