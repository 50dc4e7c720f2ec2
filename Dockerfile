# syntax=docker/dockerfile:1

# Not built in this project's own CI yet: there is no container runtime there, and no way to look a digest up. Pin the
# digest of the base image (node:26-slim@sha256:…) before you publish what comes out.
FROM node:26-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Optional packages are wanted for esbuild's binary; without scripts, as none is needed.
RUN npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund
COPY scripts scripts
COPY samples samples
COPY src src
RUN node scripts/bundle.mjs

FROM node:26-slim
# The bundle has everything in it: no node_modules.
WORKDIR /app
COPY --from=build /build/dist dist
COPY --from=build /build/samples samples
COPY package.json LICENSE ./
ENV NODE_ENV=production
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
# The Pod port of the manifests: private GKE control planes reach nodes on 443 and 10250 only.
EXPOSE 10250 9990
# Nothing is written outside --cert-dir: the root file system may be read-only, with an emptyDir or a Secret there.
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
CMD ["serve", "--host", "::", "--port", "10250", "--cert-dir", "/var/run/linkerd-tracing/tls"]
