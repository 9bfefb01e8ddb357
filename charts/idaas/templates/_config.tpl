{{/* The files of the ConfigMap that the chart makes. Ports are the chart's: probes, Services and monitors refer to them. */}}
{{- define "idaas.configData" -}}
server.yaml: |
  version: 1
  server:
    port: 8080
    metricsPort: 9464
    trustedProxyHops: {{ .Values.server.settings.trustedProxyHops }}
    logLevel: {{ .Values.server.settings.logLevel }}
{{- range $name, $content := .Values.config.files }}
{{ $name }}: |
  {{- toYaml $content | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Takes (dict "root" $ "suffix" "config" "hook" true). */}}
{{- define "idaas.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "idaas.metadata" . | nindent 2 }}
  {{- if .hook }}
  annotations:
    {{- include "idaas.hookAnnotations" "-5" | nindent 4 }}
  {{- end }}
data:
  {{- include "idaas.configData" .root | nindent 2 }}
{{- end -}}

{{/* Without data: OpenShift writes it, and Helm does not touch what it did not write. */}}
{{- define "idaas.trustedCaConfigMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "idaas.metadata" . | nindent 2 }}
    config.openshift.io/inject-trusted-cabundle: "true"
  {{- if .hook }}
  annotations:
    {{- include "idaas.hookAnnotations" "-5" | nindent 4 }}
  {{- end }}
{{- end -}}
