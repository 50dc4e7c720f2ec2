# syntax=docker/dockerfile:1

# One image for injector, bridge and command line, for amd64 and arm64. docs/decisions/0010-image.md says why it is as it is.
# A release gives both by digest (.github/workflows/release.yml).
ARG BUILD_IMAGE=node:26.10.0-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs26-debian13:nonroot

# What is bundled is the same for every platform: no emulation.
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Optional packages are wanted for esbuild's binary; without scripts, as none is needed.
RUN npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund
COPY scripts scripts
COPY samples samples
COPY src src
RUN ["node", "scripts/bundle.mjs", "--without-source-maps"]

FROM ${RUNTIME_IMAGE}
ARG RUNTIME_IMAGE
ARG VERSION=0.0.0-unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="linkerd-tracing" \
      org.opencontainers.image.description="Distributed tracing for a Linkerd mesh: injector, OpenCensus bridge and command line." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"
WORKDIR /app
# The bundle has everything in it: no node_modules.
COPY --from=build /build/dist dist
COPY --from=build /build/samples samples
COPY --from=build /build/package.json ./
COPY LICENSE ./
ENV NODE_ENV=production
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
# The Pod port of the manifests: private GKE control planes reach nodes on 443 and 10250 only.
EXPOSE 10250 9990
# Nothing is written outside --cert-dir: the root file system may be read-only, with an emptyDir or a Secret there.
# A quarter of Node's own young generation: less memory under load, at no CPU (docs/decisions/0013-cpu-of-a-review.md).
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=4", "/app/dist/main.js"]
CMD ["serve", "--host", "::", "--port", "10250", "--cert-dir", "/var/run/linkerd-tracing/tls"]
