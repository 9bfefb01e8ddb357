{{/* What the schema cannot say. All faults at once, each with what to do; `helm lint` shows none of them, `template` and `install` stop. */}}
{{- define "idaas.check" -}}
{{- $faults := list -}}
{{- if not (or .Values.image.registry .Values.global.imageRegistry) -}}
{{- $faults = append $faults "image.registry: name the registry that holds the image, as in harbor.example.org/idaas" -}}
{{- end -}}
{{- if not .Values.hosts -}}
{{- $faults = append $faults "hosts: name the host of the tenant's issuer, as in [id.acme.example]" -}}
{{- end -}}
{{- if not (or .Values.config.existingSecrets .Values.config.secretFiles) -}}
{{- $faults = append $faults "config.existingSecrets: name the Secret with the database's URL and the keys; the chart makes none" -}}
{{- end -}}
{{- if not (or .Values.config.files .Values.config.existingConfigMaps) -}}
{{- $faults = append $faults "config: write the configuration to config.files, or name its ConfigMaps in config.existingConfigMaps" -}}
{{- end -}}
{{- if and .Values.config.files (not .Values.config.create) -}}
{{- $faults = append $faults "config.files: nothing mounts them while config.create is false" -}}
{{- end -}}
{{- if hasKey .Values.config.files "server.yaml" -}}
{{- $faults = append $faults "config.files: server.yaml is made of server.settings; choose another name" -}}
{{- end -}}
{{- range $name, $content := .Values.config.files -}}
{{- if include "idaas.holdsSecret" (toYaml $content) -}}
{{- $faults = append $faults (printf "config.files: %s holds a secret, which anyone may read in a ConfigMap; write ${env:NAME} and put it into a Secret" $name) -}}
{{- end -}}
{{- end -}}
{{- if and (ne .Values.route.tls.termination "edge") (not .Values.server.extraContainers) -}}
{{- $faults = append $faults (printf "route.tls.termination: %s needs a container in server.extraContainers that terminates TLS" .Values.route.tls.termination) -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- $faults = append $faults "httpRoute.parentRefs: name the Gateway" -}}
{{- end -}}
{{- if and .Values.trustedCa.inject .Values.trustedCa.existingConfigMap -}}
{{- $faults = append $faults "trustedCa: choose between inject and existingConfigMap" -}}
{{- end -}}
{{- range $component := list "server" "worker" -}}
{{- $of := index $.Values $component -}}
{{- if not (dig "limits" "memory" "" $of.resources) -}}
{{- $faults = append $faults (printf "%s.resources.limits.memory: set it, Node's heap follows it" $component) -}}
{{- end -}}
{{- if and $of.autoscaling.enabled (gt (int $of.autoscaling.minReplicas) (int $of.autoscaling.maxReplicas)) -}}
{{- $faults = append $faults (printf "%s.autoscaling: minReplicas is above maxReplicas" $component) -}}
{{- end -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n\n%d to mend in the values:\n  %s\n" (len $faults) (join "\n  " $faults)) -}}
{{- end -}}
{{- end -}}

{{/* "true" where a key that the program keeps secret has a value of its own instead of a reference, or an address holds a password. Takes YAML. */}}
{{- define "idaas.holdsSecret" -}}
{{- $ofKey := `(?m)^[ -]*(password|secret|database): *[^ $\n]` -}}
{{- $ofKeys := `(?m)^keys:\n[ -]*[^ $\n-]` -}}
{{- $ofAddress := `://[^/\s:@]*:[^@\s$]+@` -}}
{{- if or (regexMatch $ofKey .) (regexMatch $ofKeys .) (regexMatch $ofAddress .) -}}
true
{{- end -}}
{{- end -}}
