#!/bin/sh
# Makes the files that docker-compose.yml reads its secrets from. Files that are there stay as they are:
# other encryption keys would lose every number and text in the database.
set -eu
umask 077
folder=${1:-"$(dirname "$0")/secrets"}
mkdir -p "$folder"

# keep NAME: standard input becomes the file, unless there is one.
keep() {
  if [ -e "$folder/$1" ]; then
    cat >/dev/null
    return
  fi
  cat >"$folder/$1.new"
  # Read by the container's user; the folder itself is closed to others.
  chmod 444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}
hex() { od -An -v -tx1 -N "$1" /dev/urandom | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

hex 24 | keep postgres_password
printf 'postgres://sms:%s@postgres:5432/sms' "$(cat "$folder/postgres_password")" | keep database_url
printf 'k1:%s' "$(key)" | keep sms_encryption_keys
key | keep sms_lookup_key
printf 'sk_%s' "$(hex 24)" | keep sms_bootstrap_api_key
# An empty file is a value that is not set: fill in those of the providers you use.
for name in twilio_auth_token cht_sms_password cht_sms_webhook_secret; do
  printf '' | keep "$name"
done

printf 'the secrets are in %s: back the folder up, apart from the database\n' "$folder"
