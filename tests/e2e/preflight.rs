//! The launcher in front of a program, in real containers: what it says, what it stops, and that it is out of the way then.

use modelcrate_tests::gpu::Gpus;
use modelcrate_tests::{Build, Engine, Image, Output, Project, Run, unique};
use serde_json::{Value, json};

const SPEC: &str = "\
# syntax=modelcrate/frontend:1
base: debian:bookworm-slim
user: app
workdir: /workspace
ports: { http: 8000 }
healthcheck: none
copy: [{ src: app, dest: /usr/local/bin/app, chmod: 0755 }]
entrypoint: [app]
preflight:
  workspace: true
  hf_home: true
  hf_token: true
  gpu: { skip_for: [config validate] }
  shm: 32MiB
  writable: [/data]
  skip_for: [list]
targets:
  init: { init: true, preflight: null }
  empty:
    base: scratch
    copy: [{ from: \"astral/uv:0.13.8\", src: /uv, dest: /uv }]
    entrypoint: [/uv]
    cmd: [cache, dir]
    preflight: { hf_home: null, hf_token: null, gpu: null, writable: null }
";

/// What a program does that has something to say about its start.
const APP: &str = r#"#!/bin/sh
case $1 in
pid) echo "pid $$" ;;
exit) exit "$2" ;;
kill) kill -9 $$ ;;
wait)
    trap 'exit 7' TERM
    echo waits
    while :; do sleep 0.1; done ;;
orphan)
    orphan=$(sh -c 'sleep 0.1 >/dev/null & echo $!')
    for turn in $(seq 200); do
        [ -e "/proc/$orphan" ] || { echo reaped; exit; }
        sleep 0.1
    done
    exit 1 ;;
listen) exec perl -MIO::Socket::INET -e '
    my $port = IO::Socket::INET->new(LocalPort => 8000, Listen => 1) or die; $| = 1; print "waits\n"; sleep' ;;
foreground)
    set -- $(cat /proc/$$/stat)
    [ "$5" = "$8" ] && echo foreground ;;
*) echo "started $*" ;;
esac
"#;

/// Folders and options with which nothing is to be said.
struct Host {
    project: Project,
    gpus: Gpus,
}

impl Host {
    fn new() -> Self {
        let files = ["work/config.yaml", "hf/empty", "data/empty"];
        let project = Project::with(&files.map(|path| (path, "")));
        for folder in ["hf", "data"] {
            std::os::unix::fs::chown(project.file(folder), Some(1000), Some(1000))
                .expect("the right to give files away");
        }
        let mut gpus = Gpus::with_driver("570.86.15");
        gpus.add("NVIDIA L4", 0x27b8);
        Self { project, gpus }
    }

    /// Everything that the image asks for, but for what is named in `but`.
    fn options(&self, but: &[&str]) -> Vec<String> {
        let mount = |folder: &str, at: &str| format!("--volume={}:{at}", self.project.file(folder).display());
        let all = [
            ("work", mount("work", "/workspace")),
            ("hf", mount("hf", "/hf")),
            ("data", mount("data", "/data")),
            ("driver", self.gpus.libraries()),
            ("home", "--env=HF_HOME=/hf".into()),
            ("token", "--env=HF_TOKEN=hf_x".into()),
        ];
        let nodes = self.gpus.nodes().map(|node| ("device", node));
        let wanted = all
            .into_iter()
            .chain(nodes)
            .filter(|(name, _)| !but.contains(name));
        wanted.map(|(_, option)| option).collect()
    }
}

fn project() -> Project {
    Project::with(&[("modelcrate.yaml", SPEC), ("app", APP)])
}

fn run(image: &Image, options: &[String], args: &[&str]) -> Output {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    image.run(&Run {
        args: &args,
        options,
        ..Run::default()
    })
}

fn with(options: &[String], more: &[&str]) -> Vec<String> {
    options
        .iter()
        .cloned()
        .chain(more.iter().map(ToString::to_string))
        .collect()
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_a_container_lacks_is_said_in_a_line_each_and_the_program_starts() {
    let engine = Engine::main();
    let project = project();
    let (image, built) = Build::of(&project).load(&engine);
    assert_eq!(built.warnings, []);
    says_what_is_missing(&image);
    says_nothing_where_nothing_is_missing(&image);
    stops_in_strict_mode(&image);
    sees_a_port_that_is_taken(&image);
    is_out_of_the_way(&image);
}

fn says_what_is_missing(image: &Image) {
    let output = run(image, &[], &["run", "--fast"]).ok();
    assert_eq!(output.stdout, "started run --fast\n");
    let expected = "\
preflight[workspace]: nothing is mounted at `/workspace`: the program finds none of your files, and what it writes is lost with the container; add `-v \"$(pwd)\":/workspace`
preflight[hf_home]: HF_HOME is not set: models are downloaded into the container, and again by each new one; add `-e HF_HOME=/hf -v \"$HOME/.cache/huggingface\":/hf`
preflight[hf_token]: HF_TOKEN is not set, and there is no token in `/home/app/.cache/huggingface/token`: gated and private models cannot be downloaded; add `-e HF_TOKEN`, or mount the file that `hf auth login` wrote at $HF_HOME/token
preflight[gpu]: no GPU is in this container, and the host has no NVIDIA driver: CUDA finds no device, and the program fails or runs on the CPU; run it on a host with the driver, with `--gpus all`
preflight[writable]: `/data` does not exist: the program fails when it writes there; add `-v SOURCE:/data`, or `--tmpfs /data` when its files may go with the container
";
    assert_eq!(output.stderr, expected);

    let output = run(
        image,
        &["--shm-size=1m".into(), "--env=PREFLIGHT_FORMAT=json".into()],
        &[],
    )
    .ok();
    let objects: Vec<Value> = output
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object on each line"))
        .collect();
    let names: Vec<&str> = objects
        .iter()
        .filter_map(|object| object["preflight"].as_str())
        .collect();
    assert_eq!(
        names,
        ["workspace", "hf_home", "hf_token", "gpu", "shm", "writable"]
    );
    let shm = json!({
        "preflight": "shm", "what": "/dev/shm has 1 MiB, the program needs 32 MiB",
        "why": "processes that share tensors die of a bus error when it is full", "fix": "add `--shm-size 32m`",
        "exit_code": 84,
    });
    assert_eq!(objects[4], shm);
}

fn says_nothing_where_nothing_is_missing(image: &Image) {
    let host = Host::new();
    let all = host.options(&[]);
    let quiet = |options: &[String], args: &[&str]| {
        let output = run(image, options, args).ok();
        assert_eq!(output.stderr, "", "{options:?} {args:?}");
        output.stdout
    };
    assert_eq!(quiet(&all, &["run"]), "started run\n");
    // Nor where nobody wants to hear it.
    assert_eq!(quiet(&[], &["run", "--help"]), "started run --help\n");
    assert_eq!(quiet(&[], &["-v", "list", "all"]), "started -v list all\n");
    assert_eq!(quiet(&["--env=PREFLIGHT=off".into()], &["run"]), "started run\n");
    let no_gpu = host.options(&["device"]);
    assert_eq!(
        quiet(&no_gpu, &["config", "validate", "x"]),
        "started config validate x\n"
    );
    // A token in a file does as well.
    host.project.write("hf/token", "hf_x\n");
    quiet(&host.options(&["token"]), &["run"]);
}

fn stops_in_strict_mode(image: &Image) {
    let host = Host::new();
    let strict =
        |but: &[&str], more: &[&str]| with(&host.options(but), &[&["--env=PREFLIGHT=strict"], more].concat());
    assert_eq!(
        run(image, &strict(&[], &[]), &["run"]).ok().stdout,
        "started run\n"
    );
    let cases: [(&[&str], &[&str], i32, &str); 11] = [
        (&["work"], &[], 80, "nothing is mounted at `/workspace`"),
        (
            &["work"],
            &["--tmpfs=/workspace"],
            80,
            "`/workspace` is empty: the program finds none of your files; look at what is mounted: ",
        ),
        (&["hf"], &[], 81, "HF_HOME is `/hf`, which does not exist"),
        (&["token"], &["--env=HF_TOKEN="], 82, "HF_TOKEN is empty"),
        (&["device"], &[], 83, "no GPU is in this container"),
        (&["driver"], &[], 83, "`libcuda.so.1` is not"),
        (&[], &["--shm-size=1m"], 84, "/dev/shm has 1 MiB"),
        (
            &["data"],
            &["--read-only", "--tmpfs=/data:ro"],
            85,
            "`/data` is on a read-only file system",
        ),
        (
            &["data"],
            &["--tmpfs=/data:uid=5,mode=700"],
            85,
            "user 1000:1000 cannot write to `/data`, which belongs to 5:0",
        ),
        (
            &[],
            &["--user=1000540000:0"],
            81,
            "user 1000540000 cannot write to `/hf`",
        ),
        (
            &["hf", "data"],
            &[
                "--user=1000540000:0",
                "--tmpfs=/hf:mode=1777",
                "--tmpfs=/data:mode=1777",
            ],
            87,
            "user 1000540000 has neither name nor home in this image",
        ),
    ];
    for (but, more, code, words) in cases {
        let options = strict(but, more);
        let output = run(image, &options, &["run"]);
        let told = format!("{options:?}\n{}{}", output.stdout, output.stderr);
        assert_eq!(output.code(), Some(code), "{told}");
        assert!(output.stderr.contains(words), "{told}");
        assert!(
            output
                .stderr
                .ends_with(&format!("not started, exit code {code}: PREFLIGHT is `strict`\n")),
            "{told}"
        );
        assert_eq!(output.stdout, "", "{told}");
    }
    // A foreign user who was given a name and a home has both.
    let named = [
        "--user=1000540000:0",
        "--env=USER=app",
        "--env=HOME=/tmp",
        "--tmpfs=/hf:mode=1777",
        "--tmpfs=/data:mode=1777",
    ];
    assert_eq!(
        run(image, &strict(&["hf", "data"], &named), &["run"]).ok().stderr,
        ""
    );
}

fn sees_a_port_that_is_taken(image: &Image) {
    let name = unique("listens");
    let options = ["--name".to_owned(), name.clone()];
    let args = ["listen".to_owned()];
    let other = Run {
        args: &args,
        options: &options,
        ..Run::default()
    }
    .start(image);
    other.says("waits");
    let host = Host::new();
    let options = with(&host.options(&[]), &[&format!("--network=container:{name}")]);
    let output = run(image, &options, &["run"]).ok();
    assert!(
        output
            .stderr
            .starts_with("preflight[ports]: port 8000/tcp is taken: "),
        "{}",
        output.stderr
    );
    assert_eq!(output.stderr.lines().count(), 1);
    let strict = with(&options, &["--env=PREFLIGHT=strict"]);
    assert_eq!(run(image, &strict, &["run"]).code(), Some(86));
}

fn is_out_of_the_way(image: &Image) {
    let config = image.config();
    assert_eq!(
        config["Entrypoint"],
        json!(["/usr/local/bin/modelcrate-launcher", "run", "app"])
    );
    assert_eq!(config["Cmd"], Value::Null);
    let tree = image.tree();
    let baked = tree.at("/usr/share/modelcrate/launcher.json");
    assert_eq!((baked.mode, baked.uid, baked.gid), (0o644, 0, 0));
    let launcher = tree.at("/usr/local/bin/modelcrate-launcher");
    assert!(
        launcher.size < 1_500_000,
        "{} bytes in every image",
        launcher.size
    );

    assert_eq!(
        run(image, &["--env=PREFLIGHT=off".into()], &["pid"]).ok().stdout,
        "pid 1\n"
    );
    let shell = image.run(&Run {
        entrypoint: Some("sh"),
        args: &["-c".to_owned(), "echo shell".to_owned()],
        options: &[],
    });
    assert_eq!((shell.stdout.as_str(), shell.stderr.as_str()), ("shell\n", ""));
    ends_as_the_program_does(image);
    let odd = run(image, &["--env=PREFLIGHT=loud".into()], &["list"]).ok();
    assert_eq!(
        odd.stderr,
        "preflight: PREFLIGHT is `loud`, taken for `warn`: the choices are `off`, `warn` and `strict`\n"
    );
}

/// Exit codes, and signals in both directions.
fn ends_as_the_program_does(image: &Image) {
    let quiet = ["--env=PREFLIGHT=off".to_owned()];
    assert_eq!(run(image, &quiet, &["exit", "5"]).code(), Some(5));
    let args = ["wait".to_owned()];
    let waits = Run {
        args: &args,
        options: &quiet,
        ..Run::default()
    }
    .start(image);
    waits.says("waits");
    assert_eq!(waits.stop(), 7, "{}", waits.logs());
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_first_process_passes_signals_on_and_reaps() {
    let engine = Engine::main();
    let project = project();
    let (image, _) = Build {
        target: Some("init"),
        ..Build::of(&project)
    }
    .load(&engine);
    ends_as_the_program_does(&image);
    let pid = run(&image, &[], &["pid"]).ok();
    assert!(
        pid.stdout.starts_with("pid ") && pid.stdout != "pid 1\n",
        "{}",
        pid.stdout
    );
    assert_eq!(pid.stderr, "");
    assert_eq!(run(&image, &[], &["orphan"]).ok().stdout, "reaped\n");
    assert_eq!(run(&image, &[], &["kill"]).code(), Some(128 + 9));
    // At a terminal it is the program that Ctrl-C is for.
    assert_eq!(
        run(&image, &["--tty".into()], &["foreground"]).ok().stdout,
        "foreground\r\n"
    );
    let missing = image.run(&Run {
        entrypoint: Some("/usr/local/bin/modelcrate-launcher"),
        args: &["run".to_owned(), "nothing".to_owned()],
        options: &[],
    });
    assert_eq!(missing.code(), Some(127));
    assert_eq!(
        missing.stderr,
        "launcher: cannot start `nothing`: it is not in PATH\n"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_image_from_nothing_is_looked_at_too() {
    let engine = Engine::main();
    let project = project();
    let (image, _) = Build {
        target: Some("empty"),
        ..Build::of(&project)
    }
    .load(&engine);
    let output = run(&image, &["--shm-size=1m".into()], &[]).ok();
    assert!(output.stdout.ends_with("/uv\n"), "{}", output.stdout);
    let checks: Vec<&str> = output
        .stderr
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(checks, ["preflight[workspace]", "preflight[shm]"]);
}
