# snowline-enricher: the program, its shared objects and CA certificates, nothing else. Runs as user 65532 on a read-only root.
# docker build -f docker/enricher.Dockerfile -t snowline-enricher .
FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends git
COPY . /src
WORKDIR /src
RUN script/bootstrap && script/build release snowline-enricher
RUN docker/image-folder build/release/bin/snowline-enricher /image

FROM scratch
COPY --from=build /image /
COPY --from=build /usr/share/uap-core/regexes.yaml /usr/share/uap-core/regexes.yaml
USER 65532:65532
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
ENTRYPOINT ["/bin/snowline-enricher"]
