#!/usr/bin/env bash
# Everything that has to be right before a change lands: formatting, build without warnings, tests of both languages, size of the page.
#   ./test.sh         all of it; installs what is missing (Debian and Ubuntu, by apt)
#   ./test.sh fast    the inner loop: unit tests only, no formatting check, no browser, no installation
# CI=true in the environment allows no skipped test.
set -euo pipefail
cd "$(dirname "$0")"

mode=${1:-all}
case $mode in
  all | fast) ;;
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "usage: ./test.sh [fast]" >&2; exit 2 ;;
esac

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
started=$SECONDS
step() { printf '\n%s== %s%s  (%d s)\n' "$bold" "$1" "$plain" $((SECONDS - started)); }
need() { command -v "$1" >/dev/null 2>&1 || { echo "$1 is needed: $2" >&2; exit 1; }; }

need dotnet "install the .NET 10 SDK from https://dot.net"
need node "install Node.js 20 or newer from https://nodejs.org"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

skip=()
if [ "$mode" = all ]; then
  step "Tools for the tests"
  missing=()
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
  /usr/bin/python3 -c 'import websockets' 2>/dev/null || missing+=(python3 python3-websockets)
  command -v espeak-ng >/dev/null 2>&1 || missing+=(espeak-ng)
  { command -v pocketsphinx_continuous && [ -d /usr/share/pocketsphinx/model/en-us ]; } >/dev/null 2>&1 || missing+=(pocketsphinx pocketsphinx-en-us)
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
      python3-websockets) names=("PythonTests") ;;
      espeak-ng) names=("EspeakTests" "Browser.Spoken") ;;
      pocketsphinx) names=("Browser.Spoken" "Browser.Listening" "PocketSphinxTests") ;;
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

if [ "$mode" = all ]; then
  step "Formatting"
  dotnet format Kotodama.slnx --no-restore --verify-no-changes --verbosity quiet
  echo "clean"
fi

step "Page: types, lint, unit tests"
(cd web && npm run --silent check && npm run --silent test)

if [ "$mode" = all ]; then
  step "Page: size"
  (cd web && npm run --silent size)
fi

step "Tests: quick"
dotnet test tests/Kotodama.Tests --no-build --nologo

if [ "$mode" = all ]; then
  step "Tests: end to end"
  filter='FullyQualifiedName~Kotodama.EndToEnd'
  for name in ${skip[@]+"${skip[@]}"}; do filter+="&FullyQualifiedName!~$name"; done
  dotnet test tests/Kotodama.EndToEnd --no-build --nologo --filter "$filter"
fi

step "All is well"
