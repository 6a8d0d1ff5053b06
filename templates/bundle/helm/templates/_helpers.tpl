{{- define "server.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end }}
{{- end }}

{{- define "server.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "server.labels" -}}
{{ include "server.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | replace "+" "_" | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "server.account" -}}
{{- if .Values.serviceAccount.create }}{{ default (include "server.fullname" .) .Values.serviceAccount.name }}
{{- else }}{{ default "default" .Values.serviceAccount.name }}{{- end }}
{{- end }}

{{- /* Names under which requests come in: those that were given, the public one, the ingress and the Service. */}}
{{- define "server.hosts" -}}
{{- $hosts := .Values.allowedHosts }}
{{- with .Values.publicUrl }}{{ $hosts = append $hosts (urlParse .).hostname }}{{ end }}
{{- if and .Values.ingress.enabled .Values.ingress.host }}{{ $hosts = append $hosts .Values.ingress.host }}{{ end }}
{{- $name := include "server.fullname" . }}
{{- $hosts = append $hosts $name }}
{{- $hosts = append $hosts (printf "%s.%s" $name .Release.Namespace) }}
{{- $hosts = append $hosts (printf "%s.%s.svc" $name .Release.Namespace) }}
{{- $hosts = append $hosts (printf "%s.%s.svc.cluster.local" $name .Release.Namespace) }}
{{- $hosts | uniq | toJson }}
{{- end }}
