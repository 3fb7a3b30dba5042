//! Generates the gRPC code. Needs `protoc` on the PATH.

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=proto");
    tonic_build::configure().compile_protos(&["proto/director.proto"], &["proto"])
}
