{{/*
One Route. Takes (dict "root" $ "router" {name, labels, annotations} "host" "id.acme.example" "suffix" "internal-1"), and for a path that only some
networks may reach "path" and "networks".
*/}}
{{- define "idaas.route" -}}
{{- $values := .root.Values.route -}}
{{- $annotations := merge (dict) (.router.annotations | default dict) $values.annotations -}}
{{- with .networks -}}
{{- /* Routers before OpenShift 4.17 know the old name alone, and what they do not know they let in. */ -}}
{{- $_ := set $annotations "haproxy.router.openshift.io/ip_allowlist" (join " " .) -}}
{{- $_ := set $annotations "haproxy.router.openshift.io/ip_whitelist" (join " " .) -}}
{{- end -}}
apiVersion: route.openshift.io/v1
kind: Route
metadata:
  {{- include "idaas.metadata" (dict "root" .root "component" "server" "suffix" .suffix) | nindent 2 }}
    {{- with .router.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    {{- toYaml $annotations | nindent 4 }}
spec:
  host: {{ .host }}
  {{- with .path }}
  path: {{ . }}
  {{- end }}
  to:
    kind: Service
    name: {{ include "idaas.fullname" .root }}
    weight: 100
  port:
    targetPort: {{ $values.targetPort }}
  wildcardPolicy: None
  tls:
    termination: {{ $values.tls.termination }}
    insecureEdgeTerminationPolicy: {{ $values.tls.insecureEdgeTerminationPolicy }}
    {{- with $values.tls.externalCertificate }}
    externalCertificate:
      name: {{ . }}
    {{- end }}
    {{- with $values.tls.destinationCaCertificate }}
    destinationCACertificate: |
      {{- . | nindent 6 }}
    {{- end }}
{{- end -}}
