#!/usr/bin/env bash
# What `.pre-commit-hooks.yaml` starts, in the clone that pre-commit made: greffier from its sources, as the action runs it.
# The first time it installs what greffier needs, and Node 24 where the machine's own is older (Linux).
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

node=node
if [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 24' 2>/dev/null)" != true ]; then
  node=$home/node_modules/.bin/node
fi

if [ ! -d "$home/node_modules" ]; then
  # Made aside and moved: of two commits at once, or of one that is interrupted, nothing half done is left.
  aside=$(mktemp -d "$home/install-XXXXXX")
  trap 'rm -rf "$aside"' EXIT
  cp "$home/package.json" "$home/package-lock.json" "$aside/"
  omitted=()
  if [ "$node" = node ]; then omitted=(--omit=optional); fi
  (cd "$aside" && npm ci --omit=dev ${omitted[@]+"${omitted[@]}"} --ignore-scripts --no-audit --no-fund >&2)
  if [ ! -d "$home/node_modules" ]; then mv "$aside/node_modules" "$home/node_modules"; fi
  rm -rf "$aside"
  trap - EXIT
fi

# Without a Node 24 of its own (macOS, say), greffier says itself what it needs.
if [ ! -x "$(command -v "$node")" ]; then node=node; fi
exec "$node" "$home/bin/greffier.js" "$@"
