//! `./dev bench start`: what the launcher adds to the start of a program, and to an image.
//!
//! Both are taken in one container: the same program by itself and behind the launcher, in turns. The image asks for every
//! check that needs no GPU, and has a model of small files, as many of which are hashed at each start as the launcher ever
//! does.

use std::process::ExitCode;

use modelcrate_tests::website::Website;
use modelcrate_tests::{Build, Engine, Image, Project, Run};
use sha2::{Digest, Sha256};

/// The most that it may add, in microseconds.
const MOST_TIME: u64 = 20_000;
/// The most that it may weigh, in bytes.
const MOST_BYTES: u64 = 1_500_000;

/// Small files of the model, of 100 kB each: 4 MB, of which the launcher takes 2 MiB.
const FILES: usize = 40;

/// Prints the bytes of the launcher, then for ten turns the microseconds of 20 starts without and with it.
const MEASURE: &str = "\
launcher=/usr/local/bin/modelcrate-launcher
now() { date +%s%N; }
turn() { for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do \"$@\"; done; }
stat -c %s $launcher
for _ in 1 2 3 4 5 6 7 8 9 10; do
    a=$(now); turn /bin/true; b=$(now); turn $launcher run /bin/true; c=$(now)
    echo $(((b - a) / 20000)) $(((c - b) / 20000))
done
";

fn main() -> ExitCode {
    let engine = Engine::main();
    let weights = Project::empty();
    let site = Website::start(weights.path());
    let project = Project::with(&[("modelcrate.yaml", &spec(&weights, &site))]);
    let (image, _) = Build::of(&project).load(&engine);
    let (bytes, alone, behind) = measure(&image);
    let added = behind.saturating_sub(alone);
    println!("the launcher has {bytes} bytes, {MOST_BYTES} at most");
    println!(
        "a start takes {} ms by itself and {} ms behind the launcher: it adds {} ms, {} at most",
        milliseconds(alone),
        milliseconds(behind),
        milliseconds(added),
        milliseconds(MOST_TIME)
    );
    ExitCode::from(u8::from(added > MOST_TIME || bytes > MOST_BYTES))
}

fn spec(weights: &Project, site: &Website) -> String {
    let mut spec = "\
# syntax=modelcrate/frontend:1
base: debian:bookworm-slim
user: app
workdir: /workspace
ports: { http: 8000 }
entrypoint: [app]
preflight: { workspace: true, hf_home: true, hf_token: true, gpu: true, shm: 32MiB, writable: [/data] }
models:
  many:
    urls:
"
    .to_owned();
    for number in 0..FILES {
        let name = format!("{number}.json");
        let text = format!("{number:02}").repeat(50_000);
        weights.write(&name, &text);
        let digest = base16ct::lower::encode_string(&Sha256::digest(&text));
        spec += &format!("      - {{ url: \"{}\", sha256: {digest} }}\n", site.url(&name));
    }
    spec
}

/// Bytes of the launcher; microseconds of a start without and with it, of the fastest turns.
fn measure(image: &Image) -> (u64, u64, u64) {
    let args = ["-c".to_owned(), MEASURE.to_owned()];
    let options = [
        "--tmpfs=/workspace",
        "--tmpfs=/hf:mode=1777",
        "--tmpfs=/data:mode=1777",
        "--env=HF_HOME=/hf",
        "--env=HF_TOKEN=hf_x",
    ]
    .map(str::to_owned);
    let output = image.run(&Run {
        entrypoint: Some("sh"),
        args: &args,
        options: &options,
    });
    let printed = output.ok().stdout;
    let mut numbers = printed
        .split_whitespace()
        .map(|word| word.parse::<u64>().expect("a number"));
    let bytes = numbers.next().expect("the size");
    let times: Vec<u64> = numbers.collect();
    let fastest = |side: usize| times.iter().skip(side).step_by(2).min().copied();
    (bytes, fastest(0).expect("a turn"), fastest(1).expect("a turn"))
}

fn milliseconds(microseconds: u64) -> String {
    format!("{}.{}", microseconds / 1000, microseconds % 1000 / 100)
}
