#!/bin/sh
# Make sure there is a Chromium for the browser tests; install Debian's where that is allowed, otherwise say what is missing.
set -eu
found() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
if found >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
if found >/dev/null; then exit 0; fi
echo "The tests need a Chromium browser: install one (Debian: apt-get install chromium) and run make test again." >&2
exit 1
