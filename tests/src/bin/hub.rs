//! A model hub on this machine, from a folder: `cargo run -p modelcrate-tests --bin hub -- FOLDER`.
//!
//! Every `FOLDER/ORGANISATION/NAME` is a repository. What is asked is printed, a line a request.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use modelcrate_tests::hub::{Access, Hub};

/// Serves folders as the repositories of a model hub.
#[derive(Parser)]
struct Args {
    /// Every ORGANISATION/NAME below it is a repository.
    folder: PathBuf,
    /// Where to listen; the files of more than 10 MB come from another port.
    #[arg(long, default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// A repository that is for those with this token alone, as ORGANISATION/NAME=TOKEN.
    #[arg(long, value_name = "REPOSITORY=TOKEN", value_parser = gate)]
    gated: Vec<(String, String)>,
}

fn gate(text: &str) -> Result<(String, String), &'static str> {
    let (repository, token) = text.split_once('=').ok_or("write ORGANISATION/NAME=TOKEN")?;
    Ok((repository.to_owned(), token.to_owned()))
}

fn main() -> std::io::Result<()> {
    let args = Args::parse();
    let hub = Hub::listen(args.listen);
    for name in hub.push_all(&args.folder)? {
        println!("{name} {}", hub.commit(&name, "main"));
        let tokens = args.gated.iter().filter(|(gated, _)| *gated == name);
        let tokens: Vec<&str> = tokens.map(|(_, token)| token.as_str()).collect();
        if !tokens.is_empty() {
            hub.restrict(&name, Access::gated(&tokens));
        }
    }
    println!("HF_ENDPOINT={}", hub.url());
    loop {
        for request in hub.take_requests() {
            println!("{request}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
