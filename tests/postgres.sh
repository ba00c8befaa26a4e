#!/bin/sh
# Make sure there is a PostgreSQL server to start in tests; install Debian's where that is allowed, otherwise say what is missing.
set -eu
found() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }
if found >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi
if found >/dev/null 2>&1; then exit 0; fi
echo "The tests need a PostgreSQL server: install one (Debian: apt-get install postgresql) and run make test again." >&2
exit 1
