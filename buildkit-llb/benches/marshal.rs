//! Whether the time that a graph takes grows with its size and not faster: each shape of graph is made, marshalled and
//! taken in again with 1,000 and with 10,000 vertices, and the two are compared. No time is absolute, so any machine will do.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use buildkit_llb::{
    Action, Copy, Definition, Error, Exec, File, Local, Location, Meta, Mkfile, Mount, MountKind, Output,
    Range, Root, SourceInfo, merge,
};

const SMALL: usize = 1_000;
const LARGE: usize = 10_000;

/// Ten times the vertices take ten times the time; this many times is far from it, and far from the hundred of a square.
const MOST: f64 = 40.0;

/// Runs of which the fastest counts, as the others were disturbed.
const RUNS: usize = 5;

type Shape = fn(usize) -> Option<Output>;

const SHAPES: [(&str, Shape); 4] = [
    ("a chain of commands", chain),
    ("a merge of layers", layers),
    ("copies in one op", copies),
    ("diamonds", diamonds),
];

fn main() -> ExitCode {
    let mut linear = true;
    for (name, shape) in SHAPES {
        match growth(shape) {
            Ok((small, large)) => {
                let factor = large.as_secs_f64() / small.as_secs_f64();
                println!(
                    "{name}: {SMALL} in {small:.1?}, {LARGE} in {large:.1?}, {factor:.1} times the time"
                );
                linear &= factor < MOST;
            }
            Err(error) => {
                println!("{name}: {error}");
                linear = false;
            }
        }
    }
    if linear {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The small and the large run take turns, so that a disturbance meets both.
fn growth(shape: Shape) -> Result<(Duration, Duration), Error> {
    let (mut small, mut large) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        small = small.min(time(shape, SMALL)?);
        large = large.min(time(shape, LARGE)?);
    }
    Ok((small, large))
}

#[expect(clippy::disallowed_methods, reason = "a bench needs a clock")]
fn time(shape: Shape, size: usize) -> Result<Duration, Error> {
    let start = Instant::now();
    let definition = Definition::new(shape(size).as_ref())?;
    let imported = Output::import(definition.as_pb())?;
    let again = Definition::new(imported.as_ref())?.encode();
    drop(imported);
    drop(again);
    Ok(start.elapsed())
}

fn context() -> Output {
    let session = Some("session-1".to_owned());
    Local {
        name: "context".to_owned(),
        session,
        ..Local::default()
    }
    .output(Meta::default())
}

/// Each vertex has a place in one file.
fn meta(file: &Arc<SourceInfo>, step: usize) -> Meta {
    let locations = vec![Location {
        source: Arc::clone(file),
        ranges: vec![Range::default()],
    }];
    Meta {
        name: Some(format!("step {step}")),
        locations,
        ..Meta::default()
    }
}

fn file() -> Arc<SourceInfo> {
    Arc::new(SourceInfo {
        filename: "app.yaml".to_owned(),
        data: vec![b'#'; 10_000],
        ..SourceInfo::default()
    })
}

fn command(root: Option<Output>, step: usize, mounts: Vec<Mount>) -> Exec {
    let (args, root) = (
        vec!["step".to_owned(), step.to_string()],
        Root {
            input: root,
            readonly: false,
        },
    );
    Exec {
        root,
        args,
        cwd: "/".to_owned(),
        mounts,
        ..Exec::default()
    }
}

fn chain(size: usize) -> Option<Output> {
    let (file, mut head) = (file(), None);
    for step in 0..size {
        head = command(head, step, Vec::new()).outputs(meta(&file, step)).root();
    }
    head
}

/// As a chain, but each vertex needs the one before it in two ways: there are 2 to the power of the size paths.
fn diamonds(size: usize) -> Option<Output> {
    let (file, mut head) = (file(), Some(context()));
    for step in 0..size {
        let dest = "/before".to_owned();
        let before = head.clone().map(|head| Mount {
            dest,
            kind: MountKind::readonly(head),
        });
        head = command(head, step, before.into_iter().collect())
            .outputs(meta(&file, step))
            .root();
    }
    head
}

fn layers(size: usize) -> Option<Output> {
    let file = file();
    let layer = |step: usize| {
        let mkfile = Mkfile {
            path: format!("/{step}"),
            mode: 0o644,
            ..Mkfile::default()
        };
        File {
            base: None,
            actions: vec![Action::Mkfile(mkfile)],
        }
        .output(meta(&file, step))
    };
    merge((0..size).map(layer), meta(&file, size))
}

fn copies(size: usize) -> Option<Output> {
    let context = context();
    let copy = |step: usize| {
        let path = format!("/{step}");
        Action::Copy(Copy {
            from: Some(context.clone()),
            src: path.clone(),
            dest: path,
            ..Copy::default()
        })
    };
    Some(
        File {
            base: None,
            actions: (0..size).map(copy).collect(),
        }
        .output(Meta::default()),
    )
}
