#!/bin/sh
# Make sure there is a tor to start in tests; install Debian's where that is allowed. Without one its test is left out.
set -eu
if command -v tor >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tor >/dev/null
fi
command -v tor >/dev/null || echo "There is no tor: the test of the onion service is left out (Debian: apt-get install tor)." >&2
