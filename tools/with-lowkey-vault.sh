# shellcheck shell=bash
# Part of with-servers.sh, whose functions and $directory it uses: Lowkey Vault plays Azure Key Vault, and a metadata
# service. Its jar (com.github.nagyesta.lowkey-vault:lowkey-vault-app; 3.4.33 is the last for Java 17) is not served by
# every registry, so it is given: LOWKEY_VAULT_JAR. Without it a line says so, and its tests are skipped.

start_lowkey_vault() {
  # shellcheck disable=SC2154 # the script that this is a part of sets it
  local jar=${LOWKEY_VAULT_JAR:-} log=$directory/lowkey-vault.log port token_port metadata
  if [[ -z "$jar" ]]; then
    printf 'with-servers: SKIPPED: no test meets Lowkey Vault, for LOWKEY_VAULT_JAR is not set\n' >&2
    return
  fi
  [[ -r "$jar" ]] || fail "LOWKEY_VAULT_JAR: there is no $jar"
  if ! command -v java >/dev/null || ! command -v keytool >/dev/null; then
    fail 'Java is missing: install the Debian package openjdk-17-jre-headless'
  fi
  port=$(free_port)
  token_port=$(free_port)
  metadata=http://127.0.0.1:$token_port
  # The resource that tokens are asked for is the domain, as at Azure; the ports of key vaults do not matter.
  java -jar "$jar" --server.address=127.0.0.1 --server.port="$port" --app.token.port="$token_port" \
    --LOWKEY_VAULT_NAMES=redoubt --LOWKEY_VAULT_RELAXED_PORTS=true --LOWKEY_AUTH_RESOURCE=localhost >"$log" 2>&1 &
  lowkey_vault_pid=$!
  # Once a second for two minutes: Java takes ten seconds to start, and far longer on a machine that is busy.
  curl -fsS --retry 120 --retry-delay 1 --retry-connrefused --max-time 2 -o "$directory/lowkey-vault.p12" \
    "$metadata/metadata/default-cert/lowkey-vault.p12" 2>/dev/null ||
    { cat "$log" >&2; fail 'Lowkey Vault did not start; its log is above'; }
  # The certificate that it presents is in its jar, and is checked as any other.
  keytool -exportcert -rfc -alias lowkey-vault.local -keystore "$directory/lowkey-vault.p12" \
    -storepass "$(curl -fsS "$metadata/metadata/default-cert/password")" -file "$directory/lowkey-vault.pem" 2>/dev/null ||
    fail 'the certificate of Lowkey Vault could not be read'
  export TEST_AZURE_URL=https://localhost:$port TEST_AZURE_METADATA_URL=$metadata
  export TEST_AZURE_CA_FILE=$directory/lowkey-vault.pem
}

stop_lowkey_vault() {
  if [[ -n "${lowkey_vault_pid:-}" ]]; then kill "$lowkey_vault_pid" 2>/dev/null || true; fi
}
