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

# days LIFETIME: 90d, 3650d; openssl counts in days.
days() {
  case $1 in
    *[!0-9d]* | d* | *d?*) misused "$1 is no number of days, such as 90d" ;;
    *d) number=${1%d} ;;
    *) misused "$1 is no number of days, such as 90d" ;;
  esac
  [ "${#number}" -le 4 ] && [ "$number" -ge 1 ] && [ "$number" -le 3650 ] || misused "$1 must be 1d to 3650d"
  printf '%s' "$number"
}

# check_name NAME: what openssl's configuration would take apart is no name.
check_name() {
  case $1 in
    '' | *[!A-Za-z0-9.:*-]*) misused "$1 is no DNS name or IP address" ;;
  esac
}

# alt_names NAME…: the value of subjectAltName.
alt_names() {
  list=
  for name in "$@"; do
    check_name "$name"
    case $name in
      *:*) kind=IP ;;
      *[!0-9.]*) kind=DNS ;;
      *) kind=IP ;;
    esac
    list="$list${list:+,}$kind:$name"
  done
  printf '%s' "$list"
}

new_key() { openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -out "$1" || fail 'openssl made no key'; }

# make_ca CERT KEY DAYS. Names differ, because a bundle may hold several CAs, and OpenSSL tells them apart by their subjects.
make_ca() {
  new_key "$2"
  cat >"$work/ca.cnf" <<CNF
[req]
distinguished_name = name
prompt = no
x509_extensions = ca
[name]
CN = linkerd-tracing CA $(openssl rand -hex 6)
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CNF
  openssl req -new -x509 -sha256 -config "$work/ca.cnf" -key "$2" -days "$3" -out "$1" 2>"$work/log" || openssl_failed
}

# make_serving CERT KEY CA_CERT CA_KEY DAYS NAMES
make_serving() {
  openssl x509 -in "$3" -noout -checkend 0 >/dev/null || fail "the CA in $3 has expired or cannot be read: make another (--ca add)"
  openssl x509 -in "$3" -noout -checkend $(($5 * 86400)) >/dev/null ||
    fail "the CA in $3 ends before the new certificate would: make another CA first (--ca add)"
  same_key "$3" "$4" || fail "$4 is not the key of $3"
  new_key "$2"
  cat >"$work/serving.cnf" <<CNF
[req]
distinguished_name = name
prompt = no
[name]
CN = linkerd-tracing
[serving]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = $6
CNF
  # A CA that linkerd-tracing made has no identifier to point at.
  if openssl x509 -in "$3" -noout -ext subjectKeyIdentifier 2>/dev/null | grep -q ':'; then
    say 'authorityKeyIdentifier = keyid' >>"$work/serving.cnf"
  fi
  openssl req -new -sha256 -config "$work/serving.cnf" -key "$2" -out "$work/request" 2>"$work/log" || openssl_failed
  openssl x509 -req -sha256 -in "$work/request" -CA "$3" -CAkey "$4" -set_serial "0x$(openssl rand -hex 16 | sed 's/^./1/')" \
    -days "$5" -extfile "$work/serving.cnf" -extensions serving -out "$1" 2>"$work/log" || openssl_failed
}

# What openssl says of a configuration or a certificate has no key in it.
openssl_failed() { fail "openssl failed: $(tr '\n' ' ' <"$work/log")"; }

# same_key CERT KEY
same_key() {
  certificate_key=$(openssl x509 -in "$1" -noout -pubkey 2>/dev/null) || return 1
  [ "$certificate_key" = "$(openssl pkey -in "$2" -pubout 2>/dev/null </dev/null)" ]
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

service_names() { printf '%s %s.%s %s.%s.svc %s.%s.svc.%s' "$1" "$1" "$2" "$1" "$2" "$1" "$2" "$3"; }
