# Greffier as a service. Sources run as they are (Node strips the types); nothing is compiled into the image.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings Node itself; what is optional is Node for machines that lack it.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production GREFFIER_DATA=/data PORT=3000
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json app.yml ./
COPY bin ./bin
COPY schemas ./schemas
COPY templates ./templates
COPY src ./src
COPY scripts/compile.js ./scripts/
# What `greffier --version` says: docker build --build-arg COMMIT=$(git rev-parse HEAD)
ARG COMMIT=
RUN [ -z "$COMMIT" ] || npm pkg set gitHead="$COMMIT"
RUN mkdir /data compiled && chown node:node /data compiled
USER node
# Every start finds the program compiled: a container begins without anything of its last run. From here on only, since npm
# would keep itself there too.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN node scripts/compile.js
# Only the embedded store writes here; with DATABASE_URL the whole file system may be read-only.
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# Able to work, and not only alive: `docker ps` tells, and nothing is restarted for it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# One place to take memory from for all threads, and room for new objects, which a rush would else take much more of
# (docs/operate.md, Sizing).
ENV MALLOC_ARENA_MAX=1
ENTRYPOINT ["node", "--max-semi-space-size=8", "bin/greffier.js"]
CMD ["serve"]
