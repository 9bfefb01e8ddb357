{{/* What decides how many pods of a component there are. Each takes (dict "root" $ "component" "server"). */}}

{{- define "idaas.autoscaler" -}}
{{- $values := index .root.Values .component -}}
{{- if $values.autoscaling.enabled -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "idaas.metadata" (dict "root" .root "component" .component "suffix" .component) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "idaas.fullname" .root }}-{{ .component }}
  minReplicas: {{ $values.autoscaling.minReplicas }}
  maxReplicas: {{ $values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $values.autoscaling.targetCpuPercent }}
  # The start of a day comes in waves: a pod that is sent away too soon is started again.
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
{{- end -}}
{{- end -}}

{{/* None for a single pod: it would stop every drain of its node. */}}
{{- define "idaas.disruptionBudget" -}}
{{- $values := index .root.Values .component -}}
{{- $replicas := ternary $values.autoscaling.minReplicas $values.replicas $values.autoscaling.enabled | int -}}
{{- if and $values.disruptionBudget.enabled (gt $replicas 1) -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "idaas.metadata" (dict "root" .root "component" .component "suffix" .component) | nindent 2 }}
spec:
  maxUnavailable: {{ $values.disruptionBudget.maxUnavailable }}
  # A pod that is not ready serves nobody: it must not hold up the drain.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "idaas.selectorLabels" . | nindent 6 }}
{{- end -}}
{{- end -}}
