# What the scripts of Rust share: the toolchain of the root, or the one that lies beside it; cargo's home.
beside=
[ ! -d /run/modelcrate/rust ] || beside=/run/modelcrate/rust
export RUSTUP_HOME="$beside${RUSTUP_HOME:-/usr/local/rustup}" CARGO_HOME="${CARGO_HOME:-/usr/local/cargo}"
# The compiler itself, not rustup's stand-in, which would download what a `rust-toolchain.toml` says.
toolchain=$(sed -n 's/^default_toolchain = "\(.*\)"$/\1/p' "$RUSTUP_HOME/settings.toml" 2>/dev/null || :)
for found in "$RUSTUP_HOME/toolchains/$toolchain"*; do
  [ ! -x "$found/bin/cargo" ] || PATH=$found/bin:$PATH
done
export PATH
if ! command -v cargo >/dev/null; then
  echo "modelcrate: there is no cargo in the image" >&2
  echo "hint: leave \`rust: { image: … }\` out, or name an image with a Rust toolchain" >&2
  exit 1
fi
# Settings of the image with the toolchain, such as a mirror.
settings=$beside$CARGO_HOME/config.toml
if [ -n "$beside" ] && [ -f "$settings" ]; then
  mkdir -p "$CARGO_HOME"
  cp "$settings" "$CARGO_HOME/config.toml"
fi
# Sources lie at the same place in every build; programs do not tell where.
remapped() {
  cat >/usr/local/bin/modelcrate-rustc <<END
#!/bin/sh
exec "\$@" --remap-path-prefix=/build=/ --remap-path-prefix=$CARGO_HOME/registry/src=/crates --remap-path-prefix=$CARGO_HOME/git/checkouts=/crates
END
  chmod 755 /usr/local/bin/modelcrate-rustc
  export RUSTC_WRAPPER=/usr/local/bin/modelcrate-rustc
}
