//! Makes tonic's server from the contract of Parlance.

fn main() {
    let contract = "../../../crates/grpc/proto";
    println!("cargo::rerun-if-changed={contract}");
    let files = protox::compile(["parlance/shop/v1/shop.proto"], [contract]).expect("the contract compiles");
    // A peer has three of the methods; the others answer UNIMPLEMENTED.
    tonic_prost_build::configure()
        .build_client(false)
        .generate_default_stubs(true)
        .compile_fds(files)
        .expect("the server is written");
}
