{{/* "true" on OpenShift, else nothing. */}}
{{- define "idaas.isOpenshift" -}}
{{- $enabled := toString .Values.openshift.enabled -}}
{{- if or (eq $enabled "true") (and (eq $enabled "auto") (.Capabilities.APIVersions.Has "route.openshift.io/v1")) -}}
true
{{- end -}}
{{- end -}}

{{/* OpenShift gives each namespace a range of user ids and refuses every other: there the chart names none. */}}
{{- define "idaas.podSecurityContext" -}}
{{- if include "idaas.isOpenshift" . -}}
{{- toYaml .Values.podSecurityContext -}}
{{- else -}}
{{- toYaml (merge (deepCopy .Values.podSecurityContext) .Values.vanillaPodSecurityContext) -}}
{{- end -}}
{{- end -}}
