{{/* Labels of the pods that become labels of their figures. */}}
{{- define "idaas.targetLabels" -}}
- app.kubernetes.io/component
{{- range $name, $_ := .Values.commonLabels }}
- {{ $name }}
{{- end }}
{{- end -}}

{{/*
Labels and annotations of an alert. Takes (dict "root" $ "name" "IdaasNotReady" "severity" "critical" "summary" "..." "description" "..."): the
description says what to do first, to somebody who has nothing else at hand.
*/}}
{{- define "idaas.alert" -}}
labels:
  severity: {{ .severity }}
annotations:
  summary: {{ .summary | quote }}
  description: {{ .description | quote }}
  {{- with .root.Values.monitoring.rules.runbooks }}
  runbook_url: {{ . }}#{{ lower $.name }}
  {{- end }}
{{- end -}}
