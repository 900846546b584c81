# Checks a registry as a step of GitHub Actions: annotations on the output, the report in the summary, the exit code of
# `greffier validate`. Everything that people wrote comes in by the environment (action.yml).
set -u

greffier() {
  node "$GREFFIER_HOME/bin/greffier.js" "$@"
}

arguments=(validate "--root=$GREFFIER_ROOT" "--lang=$GREFFIER_LANG")
base=$GREFFIER_BASE
# A pull request is checked out as the result of merging it, which GitHub made, and whose first parent is what it is merged
# into. Of any other commit the first parent is what its author chose, and without parents nothing tells what changed.
# `pull_request_target` is given the target alone, and has its rights: what is proposed is not there to be judged.
if [ -z "$base" ] && [[ $GREFFIER_EVENT == pull_request* ]] && [ -d "$GREFFIER_ROOT" ]; then
  commit() { git -C "$GREFFIER_ROOT" rev-parse --quiet --verify "$1"; }
  if [ "$GREFFIER_EVENT" = pull_request_target ] || [ "$(commit HEAD)" != "$GREFFIER_SHA" ] || ! commit 'HEAD^2' > /dev/null; then
    case $GREFFIER_LANG in
      en) words='What this pull request changes cannot be told: on the event pull_request, check it out as it is by default with fetch-depth: 2, or give `base`.' ;;
      *) words='Rien ne dit ce que cette demande change : sur l’événement pull_request, récupérez-la comme par défaut, avec fetch-depth: 2, ou donnez `base`.' ;;
    esac
    echo "::error::$words"
    echo "$words" >&2
    exit 2
  fi
  base='HEAD^1'
fi
if [ -n "$base" ]; then arguments+=("--base=$base"); fi

greffier "${arguments[@]}" --format github
code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  {
    echo '<pre>'
    # What is quoted in the report is text here too, whatever it holds.
    # GitHub shows nothing of a summary over 1 MiB.
    greffier "${arguments[@]}" --format text 2>&1 | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' |
      { head -c 900000; cat > /dev/null; }
    echo '</pre>'
  } >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
