//! The hub with a model, the bucket, and a disk: the same for every side.

use std::io::Write;
use std::path::{Path, PathBuf};

use modelcrate_tests::hub::Hub;
use modelcrate_tests::s3::S3;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The repository.
pub const MODEL: &str = "org/model";
/// Its one large file.
pub const FILE: &str = "model.bin";
/// Its size in bytes.
pub const SIZE: usize = 512_000_000;
/// The bucket.
pub const BUCKET: &str = "models";

/// What is there before a program runs.
pub struct Scene {
    /// Has the model.
    pub hub: Hub,
    /// Has the bucket.
    pub s3: S3,
    programs: PathBuf,
    /// Of the file.
    pub sha256: String,
    /// The file's address on the hub.
    pub url: String,
    folder: TempDir,
}

impl Scene {
    /// Makes a model that nothing can compress.
    pub fn set(programs: &Path) -> Self {
        let folder = TempDir::new().expect("a folder");
        let repository = folder.path().join("repository");
        std::fs::create_dir(&repository).expect("a folder");
        let sha256 = write(&repository.join(FILE));
        let hub = Hub::start();
        let commit = hub.push(MODEL, &repository);
        let s3 = S3::start();
        s3.bucket(BUCKET);
        Self {
            url: format!("{}/{MODEL}/resolve/{commit}/{FILE}", hub.url()),
            programs: programs.to_owned(),
            hub,
            s3,
            sha256,
            folder,
        }
    }

    /// The file as it lies on a disk.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("repository").join(FILE)
    }

    /// A folder for what a run downloads.
    pub fn disk(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// Bytes of the files on the disk that have such a name.
    pub fn on_disk(&self, named: impl Fn(&str) -> bool) -> u64 {
        let entries = self.disk().read_dir().expect("a folder").flatten();
        let files = entries.filter(|entry| named(&entry.file_name().to_string_lossy()));
        files.map(|entry| entry.metadata().expect("a file").len()).sum()
    }

    /// One of our programs.
    pub fn own(&self, program: &str) -> PathBuf {
        self.programs.join(program)
    }

    /// As if nothing had run yet.
    pub fn clear(&self) {
        let _ = std::fs::remove_dir_all(self.disk());
        std::fs::create_dir(self.disk()).expect("a folder");
        for (key, _) in self.s3.objects(BUCKET) {
            self.s3.delete(BUCKET, &key);
        }
    }
}

/// Writes numbers that look random, and says their SHA-256.
fn write(path: &Path) -> String {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut digest = Sha256::new();
    let mut block = [0_u8; 4096];
    let mut state = 1_u64;
    let mut left = SIZE;
    while left > 0 {
        for number in block.chunks_exact_mut(8) {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            number.copy_from_slice(&(state ^ (state >> 33)).to_le_bytes());
        }
        let bytes = &block[..left.min(block.len())];
        file.write_all(bytes).expect("room");
        digest.update(bytes);
        left -= bytes.len();
    }
    file.flush().expect("room");
    base16ct::lower::encode_string(&digest.finalize())
}
