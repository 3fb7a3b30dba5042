//! Reading what was baked into the image.

use std::io::ErrorKind;
use std::path::Path;

use modelcrate_fetcher::manifest::{self, Manifest};
use modelcrate_launcher::{BAKED, Baked};
use serde::de::DeserializeOwned;

/// What the launcher does in this image.
///
/// # Errors
/// With the reason, when it is not there or not ours.
pub fn baked() -> Result<Baked, String> {
    let baked = read(Path::new(BAKED))?;
    baked.ok_or_else(|| format!("nothing is checked, {BAKED} is not there"))
}

/// The models of this image; none where it has no list of them.
///
/// # Errors
/// With the reason, when the list is not ours.
pub fn models() -> Result<Manifest, String> {
    Ok(read(Path::new(manifest::PATH))?.unwrap_or_default())
}

/// What a file holds; nothing when it is not there.
fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, String> {
    let because = |cause: &dyn std::fmt::Display| {
        format!("nothing is checked, {} cannot be read: {cause}", path.display())
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(because(&cause)),
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|cause| because(&cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_frontend_bakes_is_read_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("launcher.json");
        assert_eq!(read::<Baked>(&path), Ok(None));
        std::fs::write(&path, r#"{ "init": true, "preflight": { "shm": 7 } }"#).unwrap();
        let baked = read::<Baked>(&path).unwrap().unwrap();
        assert!(baked.init);
        assert_eq!(baked.preflight.unwrap().shm, Some(7));
        std::fs::write(&path, r#"{ "preflights": {} }"#).unwrap();
        assert!(read::<Baked>(&path).unwrap_err().contains("preflights"));
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(read::<Baked>(&path).unwrap_err().contains("nothing is checked"));
    }
}
