//! What the gateway client reads of results, and what it is told when it cannot.

use buildkit_llb::{Action, File, Mkdir, Mkfile, Output, Symlink};
use modelcrate::gateway::{Entry, Ref};

use crate::Graph;
use crate::bench::Bench;

pub async fn graph(bench: &Bench, name: &str) -> Graph {
    match name {
        "read.file" => read_file(bench).await,
        "read.large" => read_large(bench).await,
        "read.dir" => read_dir(bench).await,
        "read.stat" => stat(bench).await,
        "read.missing" => missing(bench).await,
        "read.evaluate" => evaluate(bench).await,
        "read.scratch" => Ok(Vec::new()),
        _ => Err(format!("there is no graph `{name}`")),
    }
}

fn tree(bench: &Bench) -> Output {
    let file = |path: &str, mode, data: &str| {
        Action::Mkfile(Mkfile {
            path: path.to_owned(),
            mode,
            data: data.as_bytes().to_vec(),
            ..Mkfile::default()
        })
    };
    let actions = vec![
        Action::Mkdir(Mkdir {
            path: "/folder".to_owned(),
            mode: 0o755,
            ..Mkdir::default()
        }),
        file("/folder/one.txt", 0o640, "0123456789"),
        file("/folder/two.log", 0o644, "two"),
        Action::Symlink(Symlink {
            oldpath: "folder/one.txt".to_owned(),
            newpath: "/link".to_owned(),
            ..Symlink::default()
        }),
    ];
    File { base: None, actions }.output(bench.named("a tree"))
}

/// A command that fails; it is no part of what is returned.
fn failing(bench: &Bench) -> Result<Output, String> {
    let exec = bench.shell("exit 5");
    exec.outputs(bench.native("fail"))
        .root()
        .ok_or_else(|| "the root is no output".to_owned())
}

async fn solved(bench: &Bench, output: &Output) -> Result<Ref, String> {
    bench.solve(output, false).await.map_err(|status| status.message)
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("found {found:?} in place of {expected:?}"))
}

/// All of it, its beginning, its middle, its end, and past its end.
async fn read_file(bench: &Bench) -> Graph {
    let tree = tree(bench);
    let result = solved(bench, &tree).await?;
    let whole = bench
        .gateway
        .read_file(&result, "/folder/one.txt")
        .await
        .map_err(text)?;
    same(whole, b"0123456789".to_vec())?;
    let through_link = bench.gateway.read_file(&result, "link").await.map_err(text)?;
    same(through_link, b"0123456789".to_vec())?;
    for (offset, length, expected) in [
        (0, 3, "012"),
        (4, 2, "45"),
        (8, 2, "89"),
        (8, 100, "89"),
        (10, 5, ""),
    ] {
        let part = bench
            .gateway
            .read_range(&result, "folder/one.txt", offset, length)
            .await
            .map_err(text)?;
        same(String::from_utf8_lossy(&part).into_owned(), expected.to_owned())?;
    }
    Ok(vec![tree])
}

/// Larger than any message may be.
async fn read_large(bench: &Bench) -> Graph {
    let made = bench.run("a large file", bench.shell("seq -w 0 2499999 >/large"))?;
    let result = solved(bench, &made).await?;
    let data = bench.gateway.read_file(&result, "/large").await.map_err(text)?;
    same(data.len(), 8 * 2_500_000)?;
    let lines = data.chunks(8).zip(0..);
    for (line, number) in lines {
        same(line, format!("{number:07}\n").as_bytes())?;
    }
    Ok(vec![made])
}

async fn read_dir(bench: &Bench) -> Graph {
    let tree = tree(bench);
    let result = solved(bench, &tree).await?;
    let names = |entries: Vec<Entry>| {
        entries
            .into_iter()
            .map(|entry| entry.name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (path, pattern, expected) in [
        ("/", "", "folder link"),
        ("/folder", "", "one.txt two.log"),
        ("folder", "*.log", "two.log"),
    ] {
        let entries = bench
            .gateway
            .read_dir(&result, path, pattern)
            .await
            .map_err(text)?;
        same(names(entries), expected.to_owned())?;
    }
    Ok(vec![tree])
}

async fn stat(bench: &Bench) -> Graph {
    let tree = tree(bench);
    let result = solved(bench, &tree).await?;
    let entry = |name: &str, mode, size, is_dir, link: Option<&str>| Entry {
        name: name.to_owned(),
        mode,
        size,
        is_dir,
        link: link.map(str::to_owned),
    };
    let file = bench
        .gateway
        .stat_file(&result, "/folder/one.txt")
        .await
        .map_err(text)?;
    same(file, entry("one.txt", 0o640, 10, false, None))?;
    let folder = bench.gateway.stat_file(&result, "/folder").await.map_err(text)?;
    same((folder.is_dir, folder.mode), (true, 0o755))?;
    let link = bench.gateway.stat_file(&result, "/link").await.map_err(text)?;
    same((link.link, link.size), (None, 10))?;
    let entries = bench.gateway.read_dir(&result, "/", "link").await.map_err(text)?;
    let links: Vec<_> = entries.into_iter().filter_map(|entry| entry.link).collect();
    same(links, vec!["folder/one.txt".to_owned()])?;
    Ok(vec![tree])
}

/// What is not there is told apart from what went wrong.
async fn missing(bench: &Bench) -> Graph {
    let tree = tree(bench);
    let result = solved(bench, &tree).await?;
    let file = bench.gateway.read_file(&result, "/absent").await;
    same(file.err().map(|error| error.is_not_found()), Some(true))?;
    let entry = bench.gateway.stat_file(&result, "/absent").await;
    same(entry.err().map(|error| error.is_not_found()), Some(true))?;
    let folder = bench.gateway.read_file(&result, "/folder").await;
    same(folder.err().map(|error| error.is_not_found()), Some(false))?;
    let result = solved(bench, &failing(bench)?).await?;
    let error = bench
        .gateway
        .read_file(&result, "/etc/passwd")
        .await
        .err()
        .map(text)
        .unwrap_or_default();
    same(error.contains("exit code: 5"), true)?;
    Ok(vec![tree])
}

/// A solve does nothing until it is asked for; its failure comes with the question.
async fn evaluate(bench: &Bench) -> Graph {
    let result = solved(bench, &failing(bench)?).await?;
    let error = bench
        .gateway
        .evaluate(&result)
        .await
        .err()
        .map(text)
        .unwrap_or_default();
    same(error.contains("exit code: 5"), true)?;
    Ok(vec![tree(bench)])
}
