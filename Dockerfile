# docker build -t cds-service . && docker run --read-only --tmpfs /tmp -v cds-data:/data -p 8080:8080 cds-service
# Your registry's own copy: --build-arg BASE=registry.hospital.example/python:3.11-slim-bookworm
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE} AS build
COPY requirements.lock /
RUN python -m venv /opt/cds \
 && /opt/cds/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /requirements.lock \
 && /opt/cds/bin/pip uninstall --yes --quiet pip setuptools \
 && printf '#!/opt/cds/bin/python\nfrom cds_service.cli import main\n\nmain()\n' > /opt/cds/bin/cds-service \
 && chmod 755 /opt/cds/bin/cds-service
COPY cds_service /app/cds_service
COPY fhir_fixtures /app/fhir_fixtures
COPY LICENSE /app/
RUN /opt/cds/bin/python -m compileall -q /app /opt/cds \
 && install -d -o 10001 -g 10001 /data

FROM ${BASE}
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cds-service" \
      org.opencontainers.image.description="CDS Hooks service on FHIR R4: conservative care first for leg muscle cramps" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/cds /opt/cds
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/opt/cds/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp \
    CDS_DATABASE_URL=sqlite:////data/cds-service.db
WORKDIR /tmp
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=15s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/livez', timeout=2)"]
CMD ["cds-service", "serve", "--host", "0.0.0.0", "--port", "8080"]
