//! A model hub on this machine, from a folder: `cargo run -p modelcrate-tests --bin hub -- FOLDER`.
//!
//! Every `FOLDER/ORGANISATION/NAME` is a repository. What is asked is printed, a line a request.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use modelcrate_tests::hub::{Access, Hub, Repository};

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
    for organisation in folders(&args.folder)? {
        for folder in folders(&organisation)? {
            let name = format!("{}/{}", last(&organisation), last(&folder));
            let tokens: Vec<&str> = args
                .gated
                .iter()
                .filter(|(gated, _)| *gated == name)
                .map(|(_, token)| token.as_str())
                .collect();
            let access = if tokens.is_empty() {
                Access::Open
            } else {
                Access::gated(&tokens)
            };
            hub.publish(Repository::of(&name, &folder).with(access));
            println!("{name} {}", hub.commit(&name, "main"));
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

/// The folders in a folder, by name.
fn folders(folder: &std::path::Path) -> std::io::Result<Vec<PathBuf>> {
    let entries: Vec<_> = folder.read_dir()?.collect::<Result<_, _>>()?;
    let mut folders: Vec<PathBuf> = entries
        .iter()
        .map(std::fs::DirEntry::path)
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    Ok(folders)
}

fn last(path: &std::path::Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
