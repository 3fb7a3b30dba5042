//! Where models go that are fetched at the start: said before a byte of them moves.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use modelcrate_fetcher::file::{File, PARTIAL};
use modelcrate_fetcher::manifest::{Deliver, Model};

use super::finding::fix;
use super::{Check, Container, Finding, writable};

/// What is wrong with the places of models that are not there yet, at most one finding for each.
pub fn check(models: &[Model], container: &Container) -> Vec<Finding> {
    let fetched = models.iter().filter(|model| model.deliver == Deliver::Fetch);
    fetched.filter_map(|model| of_model(model, container)).collect()
}

fn of_model(model: &Model, container: &Container) -> Option<Finding> {
    let missing: Vec<&File> = model
        .files
        .iter()
        .filter(|file| !is_there(model, file, container))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let place = existing(&model.folder, container);
    cannot_write(model, place, container)
        .or_else(|| too_small(model, place, &missing, container))
        .or_else(|| goes_away(model, container))
}

/// Nothing is known of sizes where the spec pins files by address alone.
fn is_there(model: &Model, file: &File, container: &Container) -> bool {
    let path = container.path(&format!("{}/{}", model.folder, file.path));
    let size = std::fs::metadata(path).map(|metadata| metadata.len());
    size.is_ok_and(|size| file.size == 0 || file.size == size)
}

/// The folder, or the nearest one above it: the fetcher makes those below.
fn existing<'a>(folder: &'a str, container: &Container) -> &'a str {
    let mut above = Path::new(folder).ancestors().filter_map(Path::to_str);
    above.find(|folder| container.has(folder)).unwrap_or("/")
}

fn cannot_write(model: &Model, place: &str, container: &Container) -> Option<Finding> {
    let finding = writable::check(place, container)?;
    Some(Finding {
        check: Check::Models,
        why: format!(
            "model `{}` is fetched into it, and the program does not start without",
            model.name
        ),
        ..finding
    })
}

fn too_small(model: &Model, place: &str, missing: &[&File], container: &Container) -> Option<Finding> {
    let system = container.file_system(place)?;
    let free = system.f_bavail.saturating_mul(system.f_frsize);
    let to_come = missing
        .iter()
        .map(|file| file.size.saturating_sub(begun(model, file, container)))
        .sum::<u64>();
    if to_come <= free {
        return None;
    }
    let docker = format!(
        "free {} there, or add `-v SOURCE:{}` with a larger one",
        mebibytes(to_come - free),
        model.folder
    );
    let kubernetes = format!("raise the volume's size to {} or more", mebibytes(to_come));
    Some(Check::Models.finding(
        format!(
            "`{place}` has {} left, {} of model `{}` are to come",
            mebibytes(free),
            mebibytes(to_come),
            model.name
        ),
        "the disk is full before the model is there, and the program does not start",
        fix(container, &docker, &kubernetes),
    ))
}

/// Bytes on the disk that an earlier start left of a file.
fn begun(model: &Model, file: &File, container: &Container) -> u64 {
    let folder = match file.path.rsplit_once('/') {
        Some((folder, _)) => format!("{}/{folder}", model.folder),
        None => model.folder.clone(),
    };
    let data = format!("{folder}/{PARTIAL}/{}/data", file.sha256);
    // stat(2): blocks are of 512 bytes, whatever the file system's own are.
    std::fs::metadata(container.path(&data)).map_or(0, |metadata| metadata.blocks() * 512)
}

fn goes_away(model: &Model, container: &Container) -> Option<Finding> {
    let Model { name, folder, .. } = model;
    if container.mount_of(folder)? != "/" {
        return None;
    }
    let docker = format!("add `-v SOURCE:{folder}`");
    let kubernetes = format!("add a volume with `mountPath: {folder}`");
    Some(Check::Models.finding(
        format!("nothing is mounted at `{folder}`, where model `{name}` is fetched to"),
        "it is downloaded into the container, and again by each new one",
        fix(container, &docker, &kubernetes),
    ))
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn model(size: u64) -> Model {
        Model {
            name: "m".into(),
            folder: "/models/m".into(),
            deliver: Deliver::Fetch,
            revision: None,
            files: vec![File {
                path: "sub/w.gguf".into(),
                size,
                sha256: "ab".into(),
            }],
            texts: BTreeMap::new(),
            source: None,
            token: None,
        }
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn what_is_to_come_needs_room_that_stays() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let container = Container::at(root, &[]);
        let what = |model: &Model| {
            let findings = check(std::slice::from_ref(model), &container);
            findings.into_iter().next().map(|finding| finding.what)
        };
        write(
            root,
            "proc/self/mountinfo",
            "1 0 0:1 / / rw - overlay overlay rw\n",
        );
        assert_eq!(
            what(&model(5)).unwrap(),
            "nothing is mounted at `/models/m`, where model `m` is fetched to"
        );
        let volume = "2 1 0:2 / /models rw - ext4 /dev/a rw\n";
        write(root, "proc/self/mountinfo", volume);
        assert_eq!(what(&model(5)), None);
        let huge = what(&model(1 << 60)).unwrap();
        assert!(
            huge.ends_with("left, 1099511627776 MiB of model `m` are to come"),
            "{huge}"
        );
        write(root, "models/m/sub/w.gguf", "12345");
        assert_eq!(what(&model(5)), None);
        let baked = Model {
            deliver: Deliver::Bake,
            ..model(1 << 60)
        };
        assert_eq!(what(&baked), None, "somebody else's matter");
    }

    #[test]
    fn what_an_earlier_start_left_is_not_brought_again() {
        let folder = tempfile::tempdir().unwrap();
        let container = Container::at(folder.path(), &[]);
        let begun = || begun(&model(1 << 20), &model(1).files[0], &container);
        assert_eq!(begun(), 0);
        write(
            folder.path(),
            "models/m/sub/.modelcrate-partial/ab/data",
            &"x".repeat(100_000),
        );
        assert!(begun() >= 98_304, "{}", begun());
    }
}
