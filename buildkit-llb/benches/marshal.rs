//! Whether the time that a graph takes grows with its size and not faster: of each shape, ten graphs of 1,000 vertices
//! are made, marshalled and taken in again, then one graph of 10,000. Both are as many vertices and as much memory, so
//! they take about the same time; were it the square of the size that counts, the one would take ten times as long as
//! the ten. No time is absolute, so any machine will do.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use buildkit_llb::{
    Action, Copy, Definition, Error, Exec, File, Local, Location, Meta, Mkfile, Mount, MountKind, Output,
    Range, Root, SourceInfo, merge,
};

const SMALL: usize = 1_000;
const LARGE: usize = 10_000;

/// How much longer the large graph may take: a logarithm and cold caches are less, a square is far more.
const MOST: f64 = 2.5;

/// Runs of which the fastest counts, as the others were disturbed. While the result is bad there are more, up to the
/// second number: a square stays one, a disturbance passes.
const RUNS: usize = 3;
const PATIENCE: usize = 20;

type Shape = fn(usize) -> Option<Output>;

const SHAPES: [(&str, Shape); 4] = [
    ("a chain of commands", chain),
    ("a merge of layers", layers),
    ("copies in one op", copies),
    ("diamonds", diamonds),
];

#[expect(clippy::print_stdout, reason = "a bench prints what it found")]
fn main() -> ExitCode {
    let mut linear = true;
    for (name, shape) in SHAPES {
        let (small, large) = match growth(shape) {
            Ok(times) => times,
            Err(error) => {
                println!("{name}: {error}");
                return ExitCode::FAILURE;
            }
        };
        let factor = factor(small, large);
        println!(
            "{name}: {small:.1?} in tens of {SMALL}, {large:.1?} in one of {LARGE}, {factor:.2} times the time"
        );
        linear &= factor < MOST;
    }
    if linear {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The small and the large runs take turns, so that a disturbance meets both.
fn growth(shape: Shape) -> Result<(Duration, Duration), Error> {
    let (mut small, mut large) = (Duration::MAX, Duration::MAX);
    for run in 0..PATIENCE {
        if run >= RUNS && factor(small, large) < MOST {
            break;
        }
        small = small.min(time(shape, SMALL, LARGE / SMALL)?);
        large = large.min(time(shape, LARGE, 1)?);
    }
    Ok((small, large))
}

/// How many times as long as the small graphs the large one takes.
fn factor(small: Duration, large: Duration) -> f64 {
    large.as_secs_f64() / small.as_secs_f64()
}

/// The time that this many graphs of this size take through all that the crate does with a graph.
#[expect(clippy::disallowed_methods, reason = "a bench needs a clock")]
fn time(shape: Shape, size: usize, graphs: usize) -> Result<Duration, Error> {
    let start = Instant::now();
    let heads: Vec<_> = (0..graphs).map(|_| shape(size)).collect();
    let definitions: Vec<_> = heads
        .iter()
        .map(|head| Definition::new(head.as_ref()))
        .collect::<Result<_, _>>()?;
    let imported = definitions
        .iter()
        .map(|definition| Output::import(definition.as_pb()));
    let imported: Vec<_> = imported.collect::<Result<_, _>>()?;
    let encoded: Vec<_> = definitions.iter().map(Definition::encode).collect();
    drop((heads, definitions, imported, encoded));
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
            ..Root::default()
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
