# PostgreSQL and the databases that the commands in dev/ make; part of lib.sh.
# shellcheck shell=bash

# --- PostgreSQL --------------------------------------------------------------------------------

postgres_bin() {
    type -P initdb >/dev/null && [ "$(id -u)" != 0 ] && dirname "$(type -P initdb)" && return
    # shellcheck disable=SC2012
    ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1
}

# A private server reachable by a Unix socket only. The socket lies in /tmp because its path must stay
# below 107 characters; the port, from the checkout's path, keeps several checkouts apart.
start_postgres() {
    if [ -n "${PGHOST-}" ]; then
        need_packages postgresql-client
        pg_isready -q || die "No PostgreSQL answers at PGHOST=$PGHOST${PGPORT:+, PGPORT=$PGPORT}."
        return
    fi
    need_packages postgresql
    export PATH=$PATH:$(postgres_bin)
    export PGHOST=/tmp PGPORT=$((20000 + $(cksum <<<"$root" | cut -d' ' -f1) % 20000)) PGUSER=odoo
    unset PGPASSWORD PGDATABASE PGSERVICE
    pg_data=$dev/pg pg_as=()
    if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
        pg_as=(env -C / setpriv --reuid=postgres --regid=postgres --clear-groups)
        "${pg_as[@]}" test -x "$dev" || pg_data=/var/tmp/dsgvo-$PGPORT
    fi
    lock postgres shared
    trap stop_postgres EXIT
    lock postgres_start
    if ! pg_isready -q; then
        init_postgres
        # The server must not inherit our locks, it would hold them for ever.
        (close_locks && pg_ctl start -w -s -l "$pg_data/log" -o "-p $PGPORT") ||
            die "$(tail -n 5 "$pg_data/log")" "PostgreSQL does not start; its log is $pg_data/log."
    fi
    unlock postgres_start
}

pg_ctl() { "${pg_as[@]}" "$(postgres_bin)/pg_ctl" -D "$pg_data" "$@"; }

close_locks() {
    local fd
    for fd in ${!lock_*}; do
        fd=${!fd}
        exec {fd}>&-
    done
}

init_postgres() {
    [ -e "$pg_data/ready" ] && return
    rm -rf "$pg_data"
    install -d -m 700 ${pg_as:+-o postgres} "$pg_data"
    "${pg_as[@]}" "$(postgres_bin)/initdb" -D "$pg_data" -U odoo -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
        >"$dev/logs/initdb.log" 2>&1 || die "$(tail -n 5 "$dev/logs/initdb.log")" "initdb failed."
    cat >>"$pg_data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '/tmp'
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
END
    "${pg_as[@]}" touch "$pg_data/ready"
}

# The last command that uses the server stops it.
stop_postgres() {
    local status=$?
    if flock -n "$lock_postgres"; then
        (close_locks && pg_ctl stop -m fast -s) || true
    fi
    exit $status
}

# --- Databases ---------------------------------------------------------------------------------

run_odoo() { python -m odoo "$@"; }

has_database() { [ "$(psql -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

drop_database() {
    dropdb -f --if-exists "$1" 2>/dev/null
    rm -rf "$dev/data/filestore/$1" "$dev/data/dsgvo/$1-"*
}

rename_database() {
    psql -q -d postgres -c "ALTER DATABASE \"$1\" RENAME TO \"$2\""
    mv "$dev/data/filestore/$1" "$dev/data/filestore/$2"
}

# Hard links are enough for the files: Odoo never changes one, it adds and removes them.
clone_database() {
    drop_database "$2"
    createdb -T "$1" "$2"
    cp -al "$dev/data/filestore/$1" "$dev/data/filestore/$2"
}

addon_depends() {
    python -c 'import ast, sys; print(",".join(ast.literal_eval(open(sys.argv[1]).read())["depends"]))' \
        "$root/__manifest__.py"
}

# Browser tests would each build the bundles again and throw them away with their transaction.
pregenerate_assets() {
    echo "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()" |
        run_odoo shell -d "$1" --no-http --log-level=error
}

# make_template [OPTION...]: a database with the dependencies installed, built once; sets $template
make_template() { make_template_of "$(addon_depends)" "$@"; }

# The same with every app of Odoo that a customer can get into, and with addons of the OCA ($oca).
make_apps_template() {
    make_template_of "$(addon_depends),$(paste -sd, "$root/dev/apps.txt"),$(
        sed -n 's/^odoo-addon-\(.*\)==.*/\1/p' "$root/dev/oca.txt" | paste -sd,)"
}

make_template_of() {
    local depends=$1 building
    shift
    # With ODOO_PATH there is no list of packages.
    template=dsgvo_template_$({
        echo "$odoo $dev $depends $*${oca-}"
        cat "$dev/odoo/packages" "$venv/made-for" 2>/dev/null || true
    } | md5sum | cut -c1-8)
    building=${template}_building
    template_is_ready && return
    lock template
    template_is_ready && unlock template && return
    say "Building the template database with ${depends:0:60} (once, 1 to 8 minutes)"
    drop_database "$template"
    drop_database "$building"
    createdb -T template0 "$building"
    dots "$dev/logs/template.log" run_odoo -d "$building" -i "$depends" --stop-after-init --no-http "$@" ||
        die "Could not install $depends; the log is $dev/logs/template.log."
    dots "$dev/logs/assets.log" pregenerate_assets "$building" || die "Could not build the asset bundles."
    rename_database "$building" "$template"
    unlock template
}

template_is_ready() { has_database "$template" && [ -d "$dev/data/filestore/$template" ]; }

# What the installed database depends on: all files of the addon but those that only tests read.
source_hash() {
    find "$root" \( -path "$dev" -o -name .git -o -name tests -o -path "$root/dev" -o -path "$root/docs" \
        -o -name __pycache__ \) -prune -o -type f -print0 | sort -z | xargs -0 md5sum | cat - <(echo "$template") | md5sum
}

database_comment() {
    psql -d postgres -Atc "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"
}
