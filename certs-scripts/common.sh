# Read by the scripts beside it; not run by itself. POSIX sh.
# shellcheck shell=sh

# What is written may be read by its owner only.
umask 077

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}
misused() {
  printf '%s: %s (--help shows what there is)\n' "${0##*/}" "$*" >&2
  exit 1
}
need() { command -v "$1" >/dev/null 2>&1 || fail "$1 is needed and is not on PATH"; }

# Runs linkerd-tracing: that of LINKERD_TRACING, that on PATH, or the one that these scripts came with.
linkerd_tracing() {
  if [ -n "${LINKERD_TRACING:-}" ]; then
    "$LINKERD_TRACING" "$@"
  elif command -v linkerd-tracing >/dev/null 2>&1; then
    linkerd-tracing "$@"
  else
    main=$(dirname -- "$0")/../dist/main.js
    [ -f "$main" ] || fail 'linkerd-tracing is not on PATH; or use --openssl, which needs no Node'
    need node
    node "$main" "$@"
  fi
}

# A directory for what is not finished, beside where it will go, so that a rename is all that is left.
work_in() {
  work=$(mktemp -d "$1/.work.XXXXXX") || fail "$1 cannot be written to"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
}

# install_file FROM TO: whole or not at all.
install_file() { mv -f -- "$1" "$2" || fail "$2 cannot be written"; }

# check_name NAME: what openssl's configuration would take apart is no name.
check_name() {
  case $1 in
    '' | *[!A-Za-z0-9.:*-]*) misused "$1 is no DNS name or IP address" ;;
  esac
}

# same_key CERT KEY
same_key() {
  certificate_key=$(openssl x509 -in "$1" -noout -pubkey 2>/dev/null) || return 1
  [ "$certificate_key" = "$(openssl pkey -in "$2" -pubout 2>/dev/null </dev/null)" ]
}

# kind_of NAME: IP or DNS.
kind_of() {
  case $1 in
    *:*) printf IP ;;
    *[!0-9.]*) printf DNS ;;
    *) printf IP ;;
  esac
}

# is_for CERT NAME
is_for() {
  case $(kind_of "$2") in IP) option=-checkip ;; *) option=-checkhost ;; esac
  openssl x509 -in "$1" -noout "$option" "$2" | grep -q 'does match'
}

# write_bundle DIRECTORY: each CA that has to be trusted, once.
write_bundle() {
  for file in ca.crt next-ca.crt old-ca.crt; do
    [ -f "$1/$file" ] && cat "$1/$file"
  done | unique_certificates >"$work/bundle"
  install_file "$work/bundle" "$1/ca-bundle.crt"
}

# Certificates of standard input, without repetitions and without what stands between them.
unique_certificates() {
  awk '
    /-----BEGIN CERTIFICATE-----/ { text = ""; inside = 1 }
    inside { text = text $0 "\n" }
    /-----END CERTIFICATE-----/ { if (inside && !(text in seen)) { seen[text] = 1; printf "%s", text } inside = 0 }
  '
}
