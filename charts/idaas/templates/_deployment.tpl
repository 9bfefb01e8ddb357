{{/*
The Deployment of a component, which is one command of the image. Takes (dict "root" $ "component" "server" "command" "serve" "answersRequests" true).
*/}}
{{- define "idaas.deployment" -}}
{{- $root := .root -}}
{{- $values := index .root.Values .component -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "idaas.metadata" (dict "root" .root "component" .component "suffix" .component) | nindent 2 }}
  {{- if and (include "idaas.isOpenshift" $root) (ne .component "server") }}
  annotations:
    # An arrow in the topology of the console.
    app.openshift.io/connects-to: '[{"apiVersion":"apps/v1","kind":"Deployment","name":"{{ include "idaas.fullname" $root }}-server"}]'
  {{- end }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "idaas.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "idaas.labels" . | nindent 8 }}
        {{- if include "idaas.isOpenshift" $root }}
        app.openshift.io/runtime: nodejs
        {{- end }}
        {{- with $values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .component }}
        {{- if $root.Values.config.create }}
        checksum/config: {{ include "idaas.configData" $root | sha256sum }}
        {{- end }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "idaas.serviceAccountName" $root }}
      {{- include "idaas.podBasics" $root | nindent 6 }}
      terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- if or (eq $root.Values.migrations.mode "init") $values.extraInitContainers }}
      initContainers:
        {{- if eq $root.Values.migrations.mode "init" }}
        {{- include "idaas.migrateContainer" $root | nindent 8 }}
        {{- end }}
        {{- with $values.extraInitContainers }}
        {{- tpl (toYaml .) $root | nindent 8 }}
        {{- end }}
      {{- end }}
      containers:
        - name: {{ .component }}
          {{- include "idaas.containerBasics" $root | nindent 10 }}
          args: [{{ .command }}]
          env:
            {{- include "idaas.env" $root | nindent 12 }}
            {{- with $values.extraEnv }}
            {{- tpl (toYaml .) $root | nindent 12 }}
            {{- end }}
          {{- if or $root.Values.config.existingSecrets $values.extraEnvFrom }}
          envFrom:
            {{- include "idaas.envFrom" $root | trim | nindent 12 }}
            {{- with $values.extraEnvFrom }}
            {{- tpl (toYaml .) $root | nindent 12 }}
            {{- end }}
          {{- end }}
          ports:
            {{- if .answersRequests }}
            - name: http
              containerPort: 8080
              protocol: TCP
            {{- end }}
            - name: metrics
              containerPort: 9464
              protocol: TCP
          {{- include "idaas.probes" (ternary "http" "metrics" .answersRequests) | nindent 10 }}
          {{- if .answersRequests }}
          # The router still sends requests while it hears that this pod ends: the program is told 5 s later.
          lifecycle:
            preStop:
              exec:
                command: [node, -e, "setTimeout(() => {}, 5000)"]
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            {{- include "idaas.volumeMounts" $root | nindent 12 }}
            {{- with $values.extraVolumeMounts }}
            {{- tpl (toYaml .) $root | nindent 12 }}
            {{- end }}
        {{- with $values.extraContainers }}
        {{- tpl (toYaml .) $root | nindent 8 }}
        {{- end }}
      volumes:
        {{- include "idaas.volumes" (dict "root" $root "suffix" "") | nindent 8 }}
        {{- with $values.extraVolumes }}
        {{- tpl (toYaml .) $root | nindent 8 }}
        {{- end }}
      topologySpreadConstraints:
        {{- if $values.topologySpreadConstraints }}
        {{- tpl (toYaml $values.topologySpreadConstraints) $root | nindent 8 }}
        {{- else }}
        {{- include "idaas.topologySpread" . | trim | nindent 8 }}
        {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity:
        {{- tpl (toYaml .) $root | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
