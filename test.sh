#!/usr/bin/env bash
# Everything that has to be right before a change lands: formatting, build without warnings, tests of both languages, size of the page.
#   ./test.sh         all of it; installs what is missing (Debian and Ubuntu, by apt)
#   ./test.sh coverage
#                     all of it, and counts the lines that the end-to-end tests run, too; by that their programs are not quite those of users
#   ./test.sh fast    the inner loop: unit tests only, no formatting check, no browser, no installation
#   ./test.sh mutation [codec|hub|conversation]
#                     changes the code on purpose, one place at a time, and counts the changes that no test notices; takes up to an hour
# CI=true in the environment allows no skipped test.
set -euo pipefail
cd "$(dirname "$0")"

mode=${1:-all}
case $mode in
  all | coverage | fast | mutation) ;;
  -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "usage: ./test.sh [coverage | fast | mutation [PART]]" >&2; exit 2 ;;
esac

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
started=$SECONDS

# A test ends the programs that it started, also when it fails. One that is still there is a fault of its own: it is named and ended.
finish() {
  local status=$? left
  left=$(pgrep -f "$PWD/artifacts/bin/Kotodama\.(Tests|EndToEnd)/.*kotodama\.dll" || true)
  if [ -n "$left" ]; then
    echo "The tests left these programs running:" >&2
    # shellcheck disable=SC2086
    ps -o pid=,args= -p "$(echo $left | tr ' ' ,)" >&2 || true
    # shellcheck disable=SC2086
    kill -KILL $left 2>/dev/null || true
    [ "$status" -ne 0 ] || status=1
  fi
  # A mutation run that was stopped leaves a changed assembly behind; the next build copies the right one again.
  [ "$mode" != mutation ] || rm -f artifacts/bin/Kotodama.Tests/debug/Kotodama.{Protocol,Server,Companion}.dll
  exit "$status"
}
trap finish EXIT

step() { printf '\n%s== %s%s  (%d s)\n' "$bold" "$1" "$plain" $((SECONDS - started)); }

# The lines of the product that each test project must run, in percent. The quick one starts no program, so it runs none of the commands.
quick_floor=81 end_to_end_floor=69

# Runs a test project.
tested() {
  local project=$1
  shift
  rm -rf "artifacts/test-results/$project"
  dotnet test "tests/$project" --no-build --nologo --logger trx --results-directory artifacts/test-results/"$project" "$@"
}

# Runs a test project, and fails when it runs fewer lines of the product than its floor.
measured() {
  local project=$1 floor=$2 report rate
  shift 2
  tested "$project" --settings tests/coverage.runsettings --collect 'XPlat Code Coverage' "$@"
  report=$(find "artifacts/test-results/$project" -name coverage.cobertura.xml | head -n 1)
  [ -n "$report" ] || { echo "$project measured no coverage." >&2; return 1; }
  rate=$(awk -F'"' '/<coverage /{ printf "%.1f", 100 * $2; exit }' "$report")
  echo "Lines of the product that $project runs: $rate %, at least $floor %"
  awk -v rate="$rate" -v floor="$floor" 'BEGIN { exit !(rate >= floor) }' || { echo "$project runs fewer lines than its floor in test.sh." >&2; return 1; }
}

need() { command -v "$1" >/dev/null 2>&1 || { echo "$1 is needed: $2" >&2; exit 1; }; }

need dotnet "install the .NET 10 SDK from https://dot.net"
need node "install Node.js 20 or newer from https://nodejs.org"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ "$mode" = mutation ]; then
  step "Build"
  dotnet tool restore
  dotnet build tests/Kotodama.Tests --verbosity quiet -nologo -consoleLoggerParameters:NoSummary
  results=$PWD/artifacts/mutation
  for part in ${2:-codec hub conversation}; do
    step "Mutation: $part"
    # In the root Stryker would take the whole solution. It builds once more by itself; the page is there already.
    (cd tests/Kotodama.Tests && BuildPage=false dotnet stryker --config-file "../mutation/$part.json" --output "$results/$part" --skip-version-check)
  done
  step "The reports are in artifacts/mutation"
  exit 0
fi

skip=()
if [ "$mode" != fast ]; then
  step "Tools for the tests"
  missing=()
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
  /usr/bin/python3 -c 'import websockets' 2>/dev/null || missing+=(python3 python3-websockets)
  /usr/bin/python3 -c 'import cryptography' 2>/dev/null || missing+=(python3 python3-cryptography)
  command -v espeak-ng >/dev/null 2>&1 || missing+=(espeak-ng)
  { command -v pocketsphinx_continuous && [ -d /usr/share/pocketsphinx/model/en-us ]; } >/dev/null 2>&1 || missing+=(pocketsphinx pocketsphinx-en-us)
  command -v certutil >/dev/null 2>&1 || missing+=(libnss3-tools)
  command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
  command -v flite >/dev/null 2>&1 || missing+=(flite)
  if [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null 2>&1; then
    sudo=''
    [ "$(id -u)" = 0 ] || sudo='sudo -n'
    echo "Installing: ${missing[*]}"
    if { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null; then
      missing=()
    else
      echo "The installation failed." >&2
    fi
  fi
  for tool in ${missing[@]+"${missing[@]}"}; do
    case $tool in
      chromium) names=("Kotodama.EndToEnd.Browser") ;;
      python3-websockets) names=("PythonTests" "PythonClientTests" "FoundingTests") ;;
      python3-cryptography) names=("PythonSealedTests") ;;
      espeak-ng) names=("EspeakTests" "Browser.Spoken") ;;
      pocketsphinx) names=("Browser.Spoken" "Browser.Listening" "PocketSphinxTests") ;;
      libnss3-tools) names=("LanPageTests.A_phone") ;;
      nginx-light) names=("NginxTests") ;;
      flite) names=("Browser.Listening" "PocketSphinxTests") ;;
      *) continue ;;
    esac
    skip+=("${names[@]}")
    echo "Skipped: ${names[*]}, because $tool is not installed and could not be."
  done
  if [ ${#skip[@]} -gt 0 ] && [ "${CI:-}" = true ]; then
    echo "In CI no test may be skipped." >&2
    exit 1
  fi
  echo "ready"
fi

step "Build"
dotnet restore Kotodama.slnx --verbosity quiet
dotnet build Kotodama.slnx --no-restore --verbosity quiet -nologo -consoleLoggerParameters:NoSummary

if [ "$mode" != fast ]; then
  step "Formatting"
  # The build checks style and analyzers; this checks what it does not: spaces, line ends, the end of a file.
  dotnet format whitespace . --folder --exclude artifacts web/node_modules --verify-no-changes --verbosity quiet
  echo "clean"
fi

step "Page: types, lint, unit tests"
(cd web && npm run --silent check && npm run --silent test)

if [ "$mode" != fast ]; then
  step "Page: size"
  (cd web && npm run --silent size)
fi

step "Tests: quick"
measured Kotodama.Tests "$quick_floor"

if [ "$mode" != fast ]; then
  step "Tests: end to end"
  filter='FullyQualifiedName~Kotodama.EndToEnd'
  for name in ${skip[@]+"${skip[@]}"}; do filter+="&FullyQualifiedName!~$name"; done
  if [ "$mode" = coverage ] && [ ${#skip[@]} -eq 0 ]; then
    measured Kotodama.EndToEnd "$end_to_end_floor" --filter "$filter"
  else
    tested Kotodama.EndToEnd --filter "$filter"
  fi
fi

step "All is well"
