#!/usr/bin/env bash
# Everything a machine without internet needs to install Rackcast, in one folder.
#   on a machine with internet:     deploy/wheelhouse.sh make wheelhouse
#   carry the folder over, then:    deploy/wheelhouse.sh install wheelhouse /opt/rackcast
# Both machines need the same kind of system and the same minor version of Python. What is installed
# must have the hashes of requirements.lock; nothing is fetched.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { grep '^#  ' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
folder=$2
python=${PYTHON:-python3}
unset PYTHONPATH # else what lies there counts as installed

case $1 in
make)
  mkdir -p "$folder"
  "$python" -m pip download --quiet --require-hashes --only-binary :all: -r requirements.lock -d "$folder"
  "$python" -m pip wheel --quiet --no-deps --no-build-isolation -w "$folder" .
  cp requirements.lock "$folder/"
  (cd "$folder" && sha256sum -- *.whl requirements.lock > SHA256SUMS)
  ;;
install)
  [ $# -ge 3 ] || usage
  (cd "$folder" && sha256sum --quiet --check SHA256SUMS) || { echo "the wheelhouse is damaged: carry it over again" >&2; exit 1; }
  "$python" -m venv "$3"
  "$3/bin/pip" install --quiet --no-index --find-links "$folder" --require-hashes -r "$folder/requirements.lock"
  "$3/bin/pip" install --quiet --no-index --find-links "$folder" --no-deps rackcast
  "$3/bin/rackcast" project --json > /dev/null
  echo "installed: $3/bin/rackcast dashboard"
  ;;
*) usage ;;
esac
