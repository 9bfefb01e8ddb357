{{/* Labels of the pods that become labels of their figures. */}}
{{- define "idaas.targetLabels" -}}
- app.kubernetes.io/component
{{- range $name, $_ := .Values.commonLabels }}
- {{ $name }}
{{- end }}
{{- end -}}

{{/* Labels and annotations of an alert. Takes (dict "root" $ "name" "IdaasNotReady" "severity" "critical" "summary" "..."). */}}
{{- define "idaas.alert" -}}
labels:
  severity: {{ .severity }}
annotations:
  summary: {{ .summary | quote }}
  runbook_url: {{ .root.Values.monitoring.rules.runbooks }}#{{ lower .name }}
{{- end -}}
