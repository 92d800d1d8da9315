{{- /* What every object is labelled with. */ -}}
{{- define "cds.labels" -}}
app.kubernetes.io/name: cds-service
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* A place that may be called: a network, or pods by the labels of their namespace and their own. */ -}}
{{- define "cds.place" -}}
- to:
    {{- if .cidr }}
    - ipBlock:
        cidr: {{ .cidr }}
    {{- else }}
    - namespaceSelector:
        matchLabels: {{ .namespace | toJson }}
      {{- with .pods }}
      podSelector:
        matchLabels: {{ . | toJson }}
      {{- end }}
    {{- end }}
  ports:
    - {protocol: TCP, port: {{ .port }}}
{{- end -}}

{{- /* The credentials of a registry that is not open. */ -}}
{{- define "cds.pullSecrets" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* What no schema can hold against each other. */ -}}
{{- define "cds.check" -}}
{{- $audience := urlParse .Values.publicBaseUrl -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.replicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail (printf "replicas (%d) is above autoscaling.maxReplicas (%d)" (int .Values.replicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if .Values.ingress.enabled -}}
{{- if ne .Values.ingress.host $audience.hostname -}}
{{- fail (printf "ingress.host (%s) is not the host of publicBaseUrl (%s): no token made out to one would be taken at the other" .Values.ingress.host $audience.hostname) -}}
{{- end -}}
{{- if $audience.path -}}
{{- fail (printf "publicBaseUrl has the path %s, which this ingress does not serve: set ingress.enabled=false and bring one that takes the path off" $audience.path) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.siteFiles (not .Values.site) -}}
{{- fail "siteFiles are files beside the site file, and there is none: set site" -}}
{{- end -}}
{{- end -}}
