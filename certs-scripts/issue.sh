# How generate and rotate make certificates by openssl. Read after common.sh; not run by itself. POSIX sh.
# shellcheck shell=sh

# days LIFETIME: 90d, 3650d; whole days, as openssl counts.
days() {
  case $1 in
    *[!0-9d]* | d* | *d?*) misused "$1 is no number of days, such as 90d" ;;
    *d) number=${1%d} ;;
    *) misused "$1 is no number of days, such as 90d" ;;
  esac
  # 08 is no number to a shell, and 010 is eight.
  while [ "${number#0}" != "$number" ]; do number=${number#0}; done
  [ -n "$number" ] && [ "${#number}" -le 4 ] && [ "$number" -le 3650 ] || misused "$1 must be 1d to 3650d"
  printf '%s' "$number"
}

# alt_names NAME…: the value of subjectAltName.
alt_names() {
  list=
  for name in "$@"; do
    check_name "$name"
    list="$list${list:+,}$(kind_of "$name"):$name"
  done
  printf '%s' "$list"
}

service_names() { printf '%s %s.%s %s.%s.svc %s.%s.svc.%s' "$1" "$1" "$2" "$1" "$2" "$1" "$2" "$3"; }

new_key() { openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -out "$1" || fail 'openssl made no key'; }

# Certificates made by a machine whose clock runs ahead are taken by one whose clock is right: as linkerd-tracing does it.
CLOCK_SKEW_SECONDS=300

# utc_time SECONDS: so many since 1970, as openssl ca wants them. date -d is GNU's and date -v is BSD's, so the calendar is
# counted here: days from 1 March, in cycles of 400 years, 100, 4 and 1. RFC 5280, 4.1.2.5: two digits of the year before 2050.
utc_time() {
  z=$(($1 / 86400 + 719468)) rest=$(($1 % 86400))
  era=$((z / 146097)) doe=$((z % 146097))
  yoe=$(((doe - doe / 1460 + doe / 36524 - doe / 146096) / 365))
  doy=$((doe - (365 * yoe + yoe / 4 - yoe / 100))) year=$((era * 400 + yoe))
  mp=$(((5 * doy + 2) / 153))
  day=$((doy - (153 * mp + 2) / 5 + 1)) month=$((mp + 3))
  [ "$month" -le 12 ] || { month=$((month - 12)); year=$((year + 1)); }
  if [ "$year" -lt 2050 ]; then printf '%02d' "$((year % 100))"; else printf '%04d' "$year"; fi
  printf '%02d%02d%02d%02d%02dZ' "$month" "$day" $((rest / 3600)) $((rest % 3600 / 60)) $((rest % 60))
}

# sign DAYS OPTION…: signs $work/request by the section [extensions] of $work/config, gives $work/signed. By openssl ca, which
# every openssl can tell the first moment; x509 learned that in 3.4 only. It keeps books, which are thrown away.
sign() {
  now=$(date -u +%s)
  start=$(utc_time $((now - CLOCK_SKEW_SECONDS))) end=$(utc_time $((now + $1 * 86400)))
  shift
  cat >>"$work/config" <<'CNF'
[ca]
default_ca = books
[books]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = policy
unique_subject = no
[policy]
commonName = supplied
CNF
  : >"$work/index"
  # Sixteen bytes, positive.
  openssl rand -hex 16 | sed 's/^./1/' >"$work/serial"
  # In there, so that no path stands in the configuration, where it would be taken apart.
  (
    cd -- "$work"
    openssl ca -batch -notext -config config -extensions extensions -in request -out signed \
      -startdate "$start" -enddate "$end" "$@" >log 2>&1
  ) || openssl_failed
}

# make_ca CERT KEY DAYS. Names differ, because a bundle may hold several CAs, and OpenSSL tells them apart by their subjects.
make_ca() {
  new_key "$work/signer.key"
  cat >"$work/config" <<CNF
[req]
distinguished_name = name
prompt = no
[name]
CN = linkerd-tracing CA $(openssl rand -hex 6)
[extensions]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CNF
  openssl req -new -sha256 -config "$work/config" -key "$work/signer.key" -out "$work/request" 2>"$work/log" || openssl_failed
  sign "$3" -selfsign -keyfile signer.key
  install_file "$work/signer.key" "$2"
  install_file "$work/signed" "$1"
}

# make_serving CERT KEY CA_CERT CA_KEY DAYS NAMES
make_serving() {
  openssl x509 -in "$3" -noout -checkend 0 >/dev/null || fail "the CA in $3 has expired or cannot be read: make another (--ca add)"
  openssl x509 -in "$3" -noout -checkend $(($5 * 86400)) >/dev/null ||
    fail "the CA in $3 ends before the new certificate would: make another CA first (--ca add)"
  same_key "$3" "$4" || fail "$4 is not the key of $3"
  new_key "$2"
  cat >"$work/config" <<CNF
[req]
distinguished_name = name
prompt = no
[name]
CN = linkerd-tracing
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = $6
CNF
  # A CA that linkerd-tracing made has no identifier to point at.
  if openssl x509 -in "$3" -noout -ext subjectKeyIdentifier 2>/dev/null | grep -q ':'; then
    say 'authorityKeyIdentifier = keyid' >>"$work/config"
  fi
  openssl req -new -sha256 -config "$work/config" -key "$2" -out "$work/request" 2>"$work/log" || openssl_failed
  cat "$3" >"$work/signer.crt"
  cat "$4" >"$work/signer.key"
  sign "$5" -cert signer.crt -keyfile signer.key
  install_file "$work/signed" "$1"
}

# What openssl says of a configuration or a certificate has no key in it.
openssl_failed() { fail "openssl failed: $(tr '\n' ' ' <"$work/log")"; }
