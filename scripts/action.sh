# Checks a registry as a step of GitHub Actions: annotations on the output, the report in the summary, the exit code of
# `greffier validate`. Everything that people wrote comes in by the environment (action.yml).
set -u

greffier() {
  node "$GREFFIER_HOME/bin/greffier.js" "$@"
}

arguments=(validate "--root=$GREFFIER_ROOT" "--lang=$GREFFIER_LANG")
base=$GREFFIER_BASE
# A pull request is checked out as the result of merging it, whose first parent is what it is merged into.
if [ -z "$base" ] && [ "$GREFFIER_EVENT" = pull_request ] &&
  git -C "$GREFFIER_ROOT" rev-parse --quiet --verify 'HEAD^2' > /dev/null; then
  base='HEAD^1'
fi
if [ -n "$base" ]; then arguments+=("--base=$base"); fi

greffier "${arguments[@]}" --format github
code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  {
    echo '<pre>'
    # What is quoted in the report is text here too, whatever it holds.
    greffier "${arguments[@]}" --format text 2>&1 | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
    echo '</pre>'
  } >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
